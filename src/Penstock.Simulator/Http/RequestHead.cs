namespace Penstock.Simulator.Http;

/// <summary>A parsed head and how its body is framed.</summary>
internal sealed record RequestHead(
    string Method,
    string Target,
    bool IsHttp10,
    IReadOnlyList<HttpHeader> Headers,
    ReadOnlyMemory<byte> Bytes,
    long ContentLength,
    bool IsChunked
)
{
    public bool ExpectsContinue =>
        Headers.Any(h =>
            h.Name.Equals("Expect", StringComparison.OrdinalIgnoreCase)
            && h.Value.Equals("100-continue", StringComparison.OrdinalIgnoreCase)
        );
}
