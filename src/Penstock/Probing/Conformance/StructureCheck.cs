using System.Text.Json.Nodes;
using Penstock.Engines;

namespace Penstock.Probing.Conformance;

/// <summary>Whether an answer is held to a JSON schema that its prompt does not speak of.</summary>
internal static class StructureCheck
{
    /// <summary>As much as <c>{"ok": true}</c> takes; its beginning tells enough.</summary>
    private const int Tokens = 6;

    /// <summary>A greeting does not begin so by chance.</summary>
    private const string Beginning = "{\"ok\"";

    public static async Task<CapabilityCard> RunAsync(ProbeSession probe, CapabilityCard card, CancellationToken stop)
    {
        var reply = await probe.AskAsync(Tokens, Body(), stop);
        return card with
        {
            StructuredOutput = reply switch
            {
                { IsSuccess: true } => Judge(reply.FirstChoice()?.Member("message")?.Text("content")),
                { IsRefusal: true } => Finding.No,
                _ => Finding.Unknown,
            },
        };
    }

    private static Finding Judge(string? content)
    {
        if (string.IsNullOrEmpty(content))
        {
            // A model that thinks first has not come to its answer.
            return Finding.Unknown;
        }

        var text = string.Concat(content.Where(letter => !char.IsWhiteSpace(letter)));
        var length = Math.Min(text.Length, Beginning.Length);
        return length > 0 && text[..length] == Beginning[..length] ? Finding.Yes : Finding.No;
    }

    private static JsonObject Body() =>
        new()
        {
            ["response_format"] = new JsonObject
            {
                ["type"] = "json_schema",
                ["json_schema"] = new JsonObject
                {
                    ["name"] = "answer",
                    ["strict"] = true,
                    ["schema"] = new JsonObject
                    {
                        ["type"] = "object",
                        ["properties"] = new JsonObject { ["ok"] = new JsonObject { ["type"] = "boolean" } },
                        ["required"] = new JsonArray("ok"),
                        ["additionalProperties"] = false,
                    },
                },
            },
        };
}
