using System.Text;

namespace Penstock.Simulator.Http;

/// <summary>A whole answer that is ready to be sent.</summary>
internal sealed record HttpReply(int Status, string ContentType, ReadOnlyMemory<byte> Body)
{
    public const string Json = "application/json";

    public IReadOnlyList<HttpHeader> Headers { get; init; } = [];

    public static HttpReply JsonText(string json, int status = 200) => new(status, Json, Encoding.UTF8.GetBytes(json));

    public static HttpReply Empty(int status = 200) => new(status, "", ReadOnlyMemory<byte>.Empty);
}
