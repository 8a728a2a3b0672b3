using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;
using static Penstock.EndToEndTests.Engines.Behaviour;

namespace Penstock.EndToEndTests.Engines;

/// <summary>The whole contract, column by column.</summary>
internal static class Behaviours
{
    private const string Stream = ",\"stream\":true";
    private const string Usage = ",\"stream_options\":{\"include_usage\":true}";
    private const string Tools =
        ""","tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}},{"type":"function","function":{"name":"news","parameters":{"type":"object"}}}]""";

    private const string Required = Tools + ",\"tool_choice\":\"required\"";
    private const string Named = Tools + ""","tool_choice":{"type":"function","function":{"name":"news"}}""";

    private const string Schema =
        ""","response_format":{"type":"json_schema","json_schema":{"name":"w","strict":true,"schema":{"type":"object","properties":{"degrees":{"type":"integer"}},"required":["degrees"],"additionalProperties":false}}}""";

    private const string Hints =
        ",\"store\":true,\"metadata\":{\"a\":\"b\"},\"prompt_cache_key\":\"k\",\"safety_identifier\":\"u\"";

    public static IReadOnlyList<Behaviour> All { get; } =
    [
        Of("answer", "", answer => Message(answer)["content"]!.GetValue<string>().Length > 0 && HasUsage(answer.Json)),
        Of(
            "stream",
            Stream,
            answer => IsWholeStream(answer) && !answer.Text.Contains("\"usage\":{", StringComparison.Ordinal)
        ),
        Of(
            "usage in streams",
            Stream + Usage,
            answer => IsWholeStream(answer) && answer.Events.Any(e => !e.IsDone && HasUsage(e.Json))
        ),
        Of("OpenAI's hints", Hints, answer => Choices(answer).Count == 1),
        Of(
            "nulls",
            ",\"stream\":null,\"n\":null,\"stop\":null,\"seed\":null,\"logprobs\":null,\"presence_penalty\":null",
            answer => Choices(answer).Count == 1
        ),
        Of(
            "max_completion_tokens",
            ",\"max_completion_tokens\":3",
            answer => answer.Json["usage"]!["completion_tokens"]!.GetValue<int>() <= 3
        ),
        Of(
            "stop",
            ",\"stop\":\"e\"",
            answer => !Message(answer)["content"]!.GetValue<string>().Contains('e', StringComparison.Ordinal)
        ),
        Of("tools", Required, answer => NameOf(answer) is "weather" or "news"),
        Of("a named tool", Named, answer => NameOf(answer) == "news"),
        Of(
            "streamed tools",
            Required + Stream,
            answer => IsWholeStream(answer) && answer.Text.Contains("\"tool_calls\"", StringComparison.Ordinal)
        ),
        Of("JSON schema", Schema, answer => IsInteger(answer)),
        Of(
            "logprobs",
            ",\"logprobs\":true,\"top_logprobs\":2",
            answer => Choices(answer)[0]!["logprobs"]?["content"]?.AsArray().Count > 0
        ),
        Of("n = 2", ",\"n\":2", answer => Choices(answer).Count == 2),
        Of("n = 2, streamed", ",\"n\":2" + Stream, answer => IsWholeStream(answer, choices: 2)),
        Failing(
            "an error before",
            "[[sim status=400]]",
            "",
            (answer, error) => answer.Status == 400 && error.Type == "invalid_request_error" && error.Code is not null
        ),
        Failing(
            "an engine that fails",
            "[[sim status=500]]",
            "",
            (answer, error) => answer.Status >= 500 && error.Type == "upstream_error"
        ),
        Broken("an error in the middle", "[[sim error-event=3]]"),
        Broken("a cut stream", "[[sim cut=3]]"),
        new("a caller who leaves", LeaveAsync),
    ];

    private static bool HasUsage(JsonObject json) => json["usage"]?["completion_tokens"]?.GetValue<int>() > 0;

    private static string? NameOf(Answer answer) =>
        Message(answer)["tool_calls"]?[0]?["function"]?["name"]?.GetValue<string>();

    private static bool IsInteger(Answer answer) =>
        JsonNode.Parse(Message(answer)["content"]!.GetValue<string>())!["degrees"]!.GetValue<int>() is var _;

    private static Behaviour Failing(
        string column,
        string text,
        string more,
        Func<Answer, ErrorEnvelope, bool> isKept
    ) =>
        new(
            column,
            async (engine, client) =>
            {
                var answer = await client.ChatAsync(Body(engine, text, more));
                return Word(isKept(answer, ErrorEnvelope.Of(answer)));
            }
        );

    /// <summary>One error event after some text, and no sentinel.</summary>
    private static Behaviour Broken(string column, string text) =>
        new(
            column,
            async (engine, client) =>
            {
                var answer = await client.ChatAsync(Body(engine, text, Stream));
                if (answer.Status != 200)
                {
                    return $"told at once, {answer.Status}";
                }

                var errors = answer.Events.Where(e => !e.IsComment && !e.IsDone && e.IsError).ToList();
                return Word(
                    errors.Count == 1
                        && !answer.Events.Any(e => e.IsDone)
                        && ErrorEnvelope.Of(errors[0].Data!).Code is not null
                );
            }
        );

    /// <summary>The generation must end before it is done; on a host that runs it to its end, that is said.</summary>
    private static async Task<string> LeaveAsync(SimulatedEngine engine, GatewayClient client)
    {
        var (aborted, completed) = (await Count("aborted"), await Count("completed"));
        using (
            var stream = await client.OpenAsync(
                Body(engine, "[[sim tokens=600 itl=10ms]]", Stream).Replace(":40", ":600")
            )
        )
        {
            var began = await stream.ReadUntilAsync(text => text.Contains("data:", StringComparison.Ordinal));
            Assert.True(began, stream.Text);
        }

        await Until.TrueAsync(
            async () => await Count("aborted") > aborted || await Count("completed") > completed,
            $"the end of a generation that {engine.Dialect}'s caller has left"
        );
        return await Count("aborted") > aborted ? Yes : "runs on";

        Task<long> Count(string counter) => engine.Simulator.CountAsync(counter);
    }
}
