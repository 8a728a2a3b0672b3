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
    bool isChunked,
    bool isFlatOut,
    JobPieces? pieces = null
)
{
    // With no time between tokens there is no reason for a system call each: a write of a few packets.
    private const int FlatOutWrite = 16 * 1024;

    // What was written before it goes over the wire; a job's stream is cut into pieces on its way there.
    private readonly ByteBuffer _written = pieces is null ? exchange.Output : new ByteBuffer(1024);
    private int _gathered;

    private ReadOnlySpan<byte> LineEnd => directives.Crlf ? "\r\n"u8 : "\n"u8;

    /// <summary>Whether the events so far want to be written now.</summary>
    public bool IsDue =>
        directives.Coalesce is { } events ? _gathered >= events
        : isFlatOut ? _written.Length >= FlatOutWrite
        : _gathered > 0;

    public void Event(ReadOnlySpan<byte> data)
    {
        if (directives.Comment)
        {
            Frame(": simulator"u8, 1);
        }

        Open("data: "u8.Length + data.Length + (2 * LineEnd.Length));
        _written.Add("data: "u8).Add(data).Add(LineEnd).Add(LineEnd);
        Close();
        _gathered++;
    }

    /// <summary>The framing's own end.</summary>
    public void End()
    {
        Cut();
        if (isChunked)
        {
            exchange.Output.Add("0\r\n\r\n"u8);
        }
    }

    public void BreakFraming()
    {
        Cut();
        exchange.Output.Add("zz\r\nthis is no chunk\r\n"u8);
    }

    /// <returns>False when the client is gone.</returns>
    public async ValueTask<bool> FlushAsync()
    {
        _gathered = 0;
        Cut();
        if (directives.Split is not { } size)
        {
            return await exchange.SendOutputAsync();
        }

        for (var at = 0; at < exchange.Output.Length; at += size)
        {
            if (
                !await exchange.SendAsync(exchange.Output.Memory.Slice(at, Math.Min(size, exchange.Output.Length - at)))
            )
            {
                return false;
            }
        }

        exchange.Output.Clear();
        return true;
    }

    private void Cut()
    {
        if (pieces is not null)
        {
            pieces.Relay(_written.Span, exchange.Output);
            _written.Clear();
        }
    }

    private void Frame(ReadOnlySpan<byte> line, int lineEnds)
    {
        Open(line.Length + (lineEnds * LineEnd.Length));
        _written.Add(line);
        for (var i = 0; i < lineEnds; i++)
        {
            _written.Add(LineEnd);
        }

        Close();
    }

    private void Open(int length)
    {
        if (isChunked && pieces is null)
        {
            exchange.Output.AddHex(length).Add("\r\n"u8);
        }
    }

    private void Close()
    {
        if (isChunked && pieces is null)
        {
            exchange.Output.Add("\r\n"u8);
        }
    }
}
