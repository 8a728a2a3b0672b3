namespace Penstock.Simulator.Http;

/// <summary>One request as read from the socket: the head in order and in its own bytes, the body whole.</summary>
internal sealed record HttpRequest(
    string Method,
    string Target,
    bool IsHttp10,
    IReadOnlyList<HttpHeader> Headers,
    ReadOnlyMemory<byte> Head,
    ReadOnlyMemory<byte> Body
)
{
    public string Path => Target.IndexOf('?', StringComparison.Ordinal) is var q and >= 0 ? Target[..q] : Target;

    public bool KeepAlive =>
        Header("Connection") is { } connection
            ? !connection.Contains("close", StringComparison.OrdinalIgnoreCase)
                && (!IsHttp10 || connection.Contains("keep-alive", StringComparison.OrdinalIgnoreCase))
            : !IsHttp10;

    /// <summary>Whether it says that its body is JSON.</summary>
    public bool IsJson =>
        (Header("Content-Type")?.Split(';')[0].Trim() ?? "").Equals(
            "application/json",
            StringComparison.OrdinalIgnoreCase
        );

    public string? Header(string name)
    {
        foreach (var header in Headers)
        {
            if (header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return header.Value;
            }
        }

        return null;
    }
}
