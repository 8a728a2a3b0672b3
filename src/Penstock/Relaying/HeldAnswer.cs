using System.Buffers;
using System.Runtime.CompilerServices;
using Penstock.Engines;
using Penstock.Primitives;
using Penstock.Primitives.Frames;

namespace Penstock.Relaying;

/// <summary>
/// A JSON answer held until it is whole, or, when it is larger than the gateway holds, its beginning and then its
/// end. A lease.
/// </summary>
internal sealed class HeldAnswer : IDisposable
{
    /// <summary>Usage stands at the end of every engine's answer; what may follow it is some nulls and timings.</summary>
    private const int TailBytes = 8 * 1024;

    private const int UsualBytes = 4 * 1024;

    private byte[] _rented = [];

    private HeldAnswer() { }

    /// <summary>Data: there is more to come; End: this is all; Failed: the source broke.</summary>
    public ReadStep Step { get; private set; }

    public ReadOnlyMemory<byte> Bytes { get; private set; }

    /// <param name="most">Bytes to hold.</param>
    [AsyncMethodBuilder(typeof(FrameMethodBuilder<>))]
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
                case ReadStep.Data when answer.Bytes.IsEmpty && source.IsWhole:
                    // As it usually comes: nothing will be read over it, so it can stay where it is.
                    (answer.Bytes, answer.Step) = (source.Payload, ReadStep.End);
                    return answer;
                case ReadStep.Data:
                    answer.Append(source.Payload.Span);
                    if (answer.Bytes.Length > most)
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
        if (Bytes.Length > TailBytes)
        {
            Bytes[^TailBytes..].CopyTo(_rented);
            Bytes = _rented.AsMemory(0, TailBytes);
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
        if (_rented.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }

        (_rented, Bytes) = ([], default);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        var length = Bytes.Length + bytes.Length;
        if (_rented.Length < length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length * 2, UsualBytes));
            Bytes.CopyTo(larger);
            Dispose();
            _rented = larger;
        }

        bytes.CopyTo(_rented.AsSpan(length - bytes.Length));
        Bytes = _rented.AsMemory(0, length);
    }
}
