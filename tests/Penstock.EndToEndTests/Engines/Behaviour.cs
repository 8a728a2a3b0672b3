using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Engines;

/// <summary>One part of the callers' contract, and how an engine behind the gateway is seen to keep it.</summary>
/// <param name="Column">Its heading in the table.</param>
/// <param name="SeeAsync">Gives the word that stands in the table.</param>
internal sealed record Behaviour(string Column, Func<SimulatedEngine, GatewayClient, Task<string>> SeeAsync)
{
    public const string Yes = "yes";
    public const string No = "**no**";
    public const string Refused = "refused";

    /// <summary>Asks once; a refusal with an envelope of ours is a word of its own.</summary>
    public static Behaviour Of(string column, string more, Func<Answer, bool> isKept, string text = "Hi") =>
        new(
            column,
            async (engine, client) =>
            {
                var answer = await client.ChatAsync(Body(engine, text, more));
                return answer.Status == 200 ? Word(isKept(answer)) : Refusal(answer);
            }
        );

    /// <summary>Of bounded length, in the older of the two names unless the newer one is what is asked about.</summary>
    public static string Body(SimulatedEngine engine, string text, string more)
    {
        var limit = more.Contains("max_completion_tokens", StringComparison.Ordinal) ? "" : ",\"max_tokens\":40";
        return $$"""{"model":"{{engine.Dialect}}","messages":[{"role":"user","content":"{{text}}"}]{{limit}}{{more}}}""";
    }

    public static string Word(bool isKept) => isKept ? Yes : No;

    private static string Refusal(Answer answer)
    {
        var error = ErrorEnvelope.Of(answer);
        return answer.Status is 400 or 422 && error.Code is not null ? Refused : $"{answer.Status} {error.Message}";
    }

    /// <summary>The choices of a JSON answer.</summary>
    public static JsonArray Choices(Answer answer) => answer.Json["choices"]!.AsArray();

    public static JsonNode Message(Answer answer) => Choices(answer)[0]!["message"]!;

    /// <summary>A stream of the contract: chunks, a finish for every choice, the sentinel last.</summary>
    public static bool IsWholeStream(Answer answer, int choices = 1)
    {
        var events = answer.Events.Where(e => !e.IsComment).ToList();
        var finished = events
            .Where(e => !e.IsDone)
            .SelectMany(e => e.Json["choices"]!.AsArray())
            .Where(choice => choice!["finish_reason"] is not null)
            .Select(choice => choice!["index"]!.GetValue<int>());
        return events[^1].IsDone && finished.Distinct().Count() == choices && events.TrueForAll(e => !e.IsError);
    }
}
