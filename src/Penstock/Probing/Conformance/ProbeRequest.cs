using System.Text;
using System.Text.Json.Nodes;

namespace Penstock.Probing.Conformance;

/// <summary>The bodies of a probe's calls: a word to say, and the one thing that is tried.</summary>
internal static class ProbeRequest
{
    /// <param name="most">Tokens of each choice. The older name, which every engine reads.</param>
    /// <param name="more">Added to it, in place of members of the same name.</param>
    public static byte[] Of(string model, int most, JsonObject more)
    {
        var body = new JsonObject
        {
            ["model"] = model,
            ["messages"] = new JsonArray(Message("user", "Say hello.")),
            ["max_tokens"] = most,
        };
        foreach (var (name, value) in more)
        {
            body[name] = value?.DeepClone();
        }

        return Encoding.UTF8.GetBytes(body.ToJsonString());
    }

    public static JsonObject Message(string role, string content) => new() { ["role"] = role, ["content"] = content };

    /// <summary>A body with a mistake of type in it, so that nothing is generated, made long with spaces.</summary>
    public static byte[] Mistaken(string model, int bytes)
    {
        var start = Encoding.UTF8.GetBytes($$"""{"model":{{JsonValue.Create(model).ToJsonString()}},"messages":5""");
        var body = new byte[Math.Max(bytes, start.Length + 1)];
        body.AsSpan().Fill((byte)' ');
        start.CopyTo(body, 0);
        body[^1] = (byte)'}';
        return body;
    }
}
