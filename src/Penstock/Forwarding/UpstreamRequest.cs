using System.Buffers.Text;
using Penstock.Envelopes;
using Penstock.Primitives;

namespace Penstock.Forwarding;

/// <summary>
/// What goes to an engine: the caller's body around the splices, and an allow-list of headers. Nothing of the
/// caller's own head is copied but the two trace headers.
/// </summary>
internal sealed class UpstreamRequest
{
    /// <summary>Longer trace headers are dropped: W3C allows 512 for <c>tracestate</c>.</summary>
    public const int LongestTraceHeader = 512;

    public required string RequestId { get; init; }
    public required string? TraceParent { get; init; }
    public required string? TraceState { get; init; }
    public required bool Stream { get; init; }
    public required SplicedBody Body { get; init; }

    /// <summary>The same request with another body.</summary>
    public UpstreamRequest With(SplicedBody body) =>
        new()
        {
            RequestId = RequestId,
            TraceParent = TraceParent,
            TraceState = TraceState,
            Stream = Stream,
            Body = body,
        };

    /// <summary>Room the head may take beyond the target's own.</summary>
    private const int FixedHeadBytes = 256;

    public int LongestHead(UpstreamTarget target) =>
        target.HeadStart(Stream).Length + FixedHeadBytes + RequestId.Length + (2 * LongestTraceHeader);

    /// <summary>Writes the head, blank line included.</summary>
    /// <returns>Its length.</returns>
    public int WriteHead(UpstreamTarget target, Span<byte> buffer)
    {
        var length = 0;
        Append(buffer, ref length, target.HeadStart(Stream));
        AppendHeader(buffer, ref length, "X-Request-Id: "u8, RequestId);
        AppendHeader(buffer, ref length, "traceparent: "u8, TraceParent);
        AppendHeader(buffer, ref length, "tracestate: "u8, TraceState);
        Append(buffer, ref length, "Content-Length: "u8);
        Utf8Formatter.TryFormat(Body.Length, buffer[length..], out var digits);
        length += digits;
        Append(buffer, ref length, "\r\n\r\n"u8);
        return length;
    }

    private static void AppendHeader(Span<byte> buffer, ref int length, ReadOnlySpan<byte> name, string? value)
    {
        if (value is null or "" || value.Length > LongestTraceHeader)
        {
            return;
        }

        name.CopyTo(buffer[length..]);
        // One that could begin a header of its own is left out: what has been written of it is written over.
        if (PrintableAscii.TryCopy(value, buffer[(length + name.Length)..]))
        {
            length += name.Length + value.Length;
            Append(buffer, ref length, "\r\n"u8);
        }
    }

    private static void Append(Span<byte> buffer, ref int length, ReadOnlySpan<byte> text)
    {
        text.CopyTo(buffer[length..]);
        length += text.Length;
    }
}
