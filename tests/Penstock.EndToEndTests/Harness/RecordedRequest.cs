using System.Text;
using System.Text.Json.Nodes;

namespace Penstock.EndToEndTests.Harness;

/// <summary>One request as it stood on the wire: the head untouched, the body freed of its chunking only.</summary>
internal sealed record RecordedRequest(string Head, byte[] Body)
{
    public string Line => Head[..Head.IndexOf("\r\n", StringComparison.Ordinal)];

    public string Method => Line.Split(' ')[0];

    public string Path => Line.Split(' ')[1];

    public string Text => Encoding.UTF8.GetString(Body);

    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();

    /// <summary>Names as written, values trimmed, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers =>
        [
            .. Head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
                .Skip(1)
                .Select(line => line.Split(':', 2))
                .Select(parts => KeyValuePair.Create(parts[0], parts[1].Trim())),
        ];

    public string? Header(string name) =>
        Headers
            .Where(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(h => h.Value)
            .FirstOrDefault();
}
