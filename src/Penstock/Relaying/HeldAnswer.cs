using System.Buffers;
using System.Runtime.CompilerServices;
using Penstock.Engines;
using Penstock.Primitives;

namespace Penstock.Relaying;

/// <summary>
/// A JSON answer held until it is whole, or, when it is larger than the gateway holds, its beginning and then its
/// end. A lease.
/// </summary>
internal sealed class HeldAnswer : IDisposable
{
    /// <summary>Usage stands at the end of every engine's answer; what may follow it is some nulls and timings.</summary>
    private const int TailBytes = 8 * 1024;

    private byte[] _rented = ArrayPool<byte>.Shared.Rent(4 * 1024);
    private int _length;

    private HeldAnswer() { }

    /// <summary>Data: there is more to come; End: this is all; Failed: the source broke.</summary>
    public ReadStep Step { get; private set; }

    public ReadOnlyMemory<byte> Bytes => _rented.AsMemory(0, _length);

    /// <param name="most">Bytes to hold.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<HeldAnswer> ReadAsync(IByteSource source, int most)
    {
        // Whoever is told something meanwhile is told by others: here only bytes are waited for.
        source.WakeAt = long.MaxValue;
        var answer = new HeldAnswer();
        while (true)
        {
            switch (answer.Step = source.TryRead())
            {
                case ReadStep.Pending:
                    await source.WaitAsync();
                    break;
                case ReadStep.Data:
                    answer.Append(source.Payload.Span);
                    if (answer._length > most)
                    {
                        return answer;
                    }

                    break;
                default:
                    return answer;
            }
        }
    }

    /// <summary>Keeps the end of an answer that is passed on as it comes.</summary>
    public void Follow(ReadOnlySpan<byte> bytes)
    {
        if (_length > TailBytes)
        {
            _rented.AsSpan(_length - TailBytes, TailBytes).CopyTo(_rented);
            _length = TailBytes;
        }
        Append(bytes.Length > TailBytes ? bytes[^TailBytes..] : bytes);
    }

    /// <summary>The usage at the end of the answer. The name cannot stand inside a JSON string unescaped.</summary>
    public TokenUsage? ReadUsage()
    {
        var bytes = Bytes.Span;
        var name = "\"usage\""u8;
        var at = bytes.LastIndexOf(name);
        if (at < 0)
        {
            return null;
        }

        var value = bytes[(at + name.Length)..].TrimStart(" \t\r\n"u8);
        return value.Length > 0 && value[0] == ':' ? UsageReader.Read(value[1..]) : null;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_rented);
        _rented = [];
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_rented.Length < _length + bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent((_length + bytes.Length) * 2);
            Bytes.Span.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_rented);
            _rented = larger;
        }
        bytes.CopyTo(_rented.AsSpan(_length));
        _length += bytes.Length;
    }
}
