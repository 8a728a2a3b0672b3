using System.Text.Json;
using System.Text.Json.Nodes;
using Penstock.Engines;

namespace Penstock.Probing.Conformance;

/// <summary>Tools: whether a client's default choice is taken, and whether a required call comes as deltas of a call.</summary>
internal static class ToolCheck
{
    /// <summary>Enough for the name of a function without arguments, which is when the first delta comes.</summary>
    private const int CallTokens = 10;

    public static async Task<CapabilityCard> RunAsync(ProbeSession probe, CapabilityCard card, CancellationToken stop)
    {
        var auto = await probe.AskAsync(1, Body("auto"), stop);
        var required = await probe.AskAsync(CallTokens, Streamed(Body("required")), stop);
        return card with { AutoToolChoice = Taken(auto), ToolCalls = Called(required) };
    }

    private static JsonObject Body(string choice) =>
        new()
        {
            ["tools"] = new JsonArray(
                new JsonObject
                {
                    ["type"] = "function",
                    ["function"] = new JsonObject
                    {
                        ["name"] = "f",
                        ["parameters"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject() },
                    },
                }
            ),
            ["tool_choice"] = choice,
        };

    private static JsonObject Streamed(JsonObject body)
    {
        body["stream"] = true;
        return body;
    }

    private static Finding Taken(EngineReply? reply) =>
        reply switch
        {
            { IsSuccess: true } => Finding.Yes,
            { IsRefusal: true } => Finding.No,
            _ => Finding.Unknown,
        };

    private static Finding Called(EngineReply? reply)
    {
        if (reply is not { IsSuccess: true })
        {
            return reply is { IsRefusal: true } ? Finding.No : Finding.Unknown;
        }

        var deltas = reply
            .Chunks()
            .SelectMany(chunk => chunk.Items("choices"))
            .Select(choice => choice.Member("delta"))
            .OfType<JsonElement>()
            .ToList();
        // A model that thinks first may not have come to the call: that says nothing.
        return deltas.Exists(delta => delta.Items("tool_calls").Count > 0) ? Finding.Yes
            : deltas.Exists(delta => delta.Text("content") is { Length: > 0 }) ? Finding.No
            : Finding.Unknown;
    }
}
