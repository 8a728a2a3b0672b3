using Penstock.Simulator.Engine;
using Penstock.Simulator.Faults;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Streaming;

/// <summary>
/// Turns events into bytes on the wire: SSE lines, chunked framing, and how many go into one write. Bytes gather in
/// the exchange's output until <see cref="FlushAsync"/>.
/// </summary>
internal sealed class EventWire(
    Exchange exchange,
    Directives directives,
    Generation generation,
    bool isChunked,
    bool isFlatOut,
    BodyRelay? relay = null
)
{
    // With no time between tokens there is no reason for a system call each: a write of a few packets.
    private const int FlatOutWrite = 16 * 1024;

    // What was written before it goes over the wire, where something stands between.
    private readonly ByteBuffer _written = relay is null ? exchange.Output : new ByteBuffer(1024);
    private readonly WriteCuts? _cuts = directives.Split is { } split
        ? new WriteCuts(split, (ulong)(directives.SplitSeed ?? generation.Number))
        : null;
    private int _gathered;
    private bool _isBegun;

    private ReadOnlySpan<byte> LineEnd => directives.Crlf ? "\r\n"u8 : "\n"u8;

    private ReadOnlySpan<byte> Mark => directives.Bom && !_isBegun ? "\uFEFF"u8 : default;

    private ReadOnlySpan<byte> Name => directives.EventLine ? "event: message"u8 : default;

    /// <summary>Whether the events so far want to be written now.</summary>
    public bool IsDue =>
        directives.Coalesce is { } events ? _gathered >= events
        : isFlatOut ? _written.Length >= FlatOutWrite
        : _gathered > 0;

    /// <param name="data">The event's data, one line.</param>
    /// <param name="isOpen">Without the blank line that ends an event.</param>
    public void Event(ReadOnlySpan<byte> data, bool isOpen = false)
    {
        if (directives.Comment)
        {
            Comment(": simulator"u8);
        }

        var name = Name.IsEmpty ? 0 : Name.Length + LineEnd.Length;
        Open(Mark.Length + name + "data: "u8.Length + data.Length + ((isOpen ? 1 : 2) * LineEnd.Length));
        _written.Add(Mark);
        if (name > 0)
        {
            _written.Add(Name).Add(LineEnd);
        }

        _written.Add("data: "u8).Add(data).Add(LineEnd).Add(isOpen ? default : LineEnd);
        Close();
        _gathered++;
    }

    /// <summary>A line of its own that clients skip.</summary>
    public void Comment(ReadOnlySpan<byte> line)
    {
        Open(Mark.Length + line.Length + LineEnd.Length);
        _written.Add(Mark).Add(line).Add(LineEnd);
        Close();
    }

    /// <summary>The framing's own end.</summary>
    public void End()
    {
        Relay();
        relay?.End(exchange.Output);
        if (isChunked)
        {
            exchange.Output.Add("0\r\n\r\n"u8);
        }
    }

    public void BreakFraming()
    {
        Relay();
        exchange.Output.Add("zz\r\nthis is no chunk\r\n"u8);
    }

    /// <returns>False when the client is gone.</returns>
    public async ValueTask<bool> FlushAsync()
    {
        _gathered = 0;
        Relay();
        if (_cuts is null)
        {
            return await exchange.SendOutputAsync();
        }

        for (var at = 0; at < exchange.Output.Length; )
        {
            var rest = exchange.Output.Memory[at..];
            var next = rest[.._cuts.Next(rest.Span)];
            if (
                !await exchange.SendAsync(next)
                || (directives.SplitPause is { } pause && !await generation.PauseAsync(pause))
            )
            {
                return false;
            }

            at += next.Length;
        }

        exchange.Output.Clear();
        return true;
    }

    private void Relay()
    {
        if (relay is not null)
        {
            relay.Relay(_written.Span, exchange.Output);
            _written.Clear();
        }
    }

    private void Open(int length)
    {
        if (isChunked && relay is null)
        {
            exchange.Output.AddHex(length).Add("\r\n"u8);
        }
    }

    private void Close()
    {
        _isBegun = true;
        if (isChunked && relay is null)
        {
            exchange.Output.Add("\r\n"u8);
        }
    }
}
