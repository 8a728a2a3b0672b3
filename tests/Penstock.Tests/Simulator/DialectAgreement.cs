using System.Text.Json.Nodes;
using Penstock.Simulator;

namespace Penstock.Tests.Simulator;

/// <summary>In every dialect a stream is the whole answer in pieces: text, tool calls, log-probabilities, usage, ending.</summary>
public sealed class DialectAgreement
{
    private const string Tools =
        "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"get_weather\",\"parameters\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\",\"minLength\":12}},\"required\":[\"city\"]}}},{\"type\":\"function\",\"function\":{\"name\":\"get_time\"}}]";

    private static readonly string[] Dialects =
    [
        "openai",
        "vllm",
        "sglang",
        "trtllm",
        "llamacpp",
        "ollama",
        "tgi",
        "runpod-queue",
        "runpod-lb",
    ];

    public static TheoryData<string, string> Requests
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var dialect in Dialects)
            {
                foreach (
                    var more in (string[])
                        [
                            "",
                            "\"max_tokens\":7",
                            "\"n\":2",
                            "\"stop\":[\" the\"]",
                            Tools,
                            "\"logprobs\":true,\"top_logprobs\":2",
                            "\"seed\":4",
                        ]
                )
                {
                    data.Add(dialect, more);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Stream_and_JSON_say_the_same(string dialect, string more)
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { Dialect = dialect });
        var comma = more.Length > 0 ? "," : "";
        var whole = await JsonAsync(simulator, dialect, SimulatorClient.Body("Call get_weather and get_time", more));
        var events = await EventsAsync(
            simulator,
            dialect,
            SimulatorClient.Body(
                "Call get_weather and get_time",
                $"{more}{comma}\"stream\":true,\"stream_options\":{{\"include_usage\":true}}"
            )
        );
        foreach (var choice in whole["choices"]!.AsArray())
        {
            var index = choice!["index"]!.GetValue<int>();
            var pieces = SimulatorClient.Choices(events, index).ToList();
            Assert.Equal(choice["message"]!["content"]?.GetValue<string>() ?? "", SimulatorClient.Text(events, index));
            Assert.Equal(
                choice["finish_reason"]!.GetValue<string>(),
                Assert.Single(pieces, p => p["finish_reason"] is not null)["finish_reason"]!.GetValue<string>()
            );
            Assert.Equal(Calls(choice["message"]!["tool_calls"]), Calls(pieces));
            Assert.Equal(Tokens(choice), pieces.SelectMany(Tokens).Take(Tokens(choice).Count()));
            Assert.Equal("assistant", Assert.Single(Roles(pieces).Distinct(StringComparer.Ordinal)));
        }

        Assert.Empty(events[^1]["choices"]!.AsArray());
        foreach (var name in (string[])["prompt_tokens", "completion_tokens", "total_tokens"])
        {
            Assert.Equal(whole["usage"]![name]!.GetValue<int>(), events[^1]["usage"]![name]!.GetValue<int>());
        }

        Assert.Equal(
            2 * whole["usage"]!["completion_tokens"]!.GetValue<long>(),
            simulator.Server.Counters.GeneratedTokens
        );
    }

    private static IEnumerable<string> Roles(IEnumerable<JsonNode> pieces) =>
        pieces.Select(p => p["delta"]!["role"]?.GetValue<string>()).OfType<string>();

    private static IEnumerable<string> Tokens(JsonNode choice) =>
        choice["logprobs"]?["content"]?.AsArray().Select(t => t!["token"]!.GetValue<string>()) ?? [];

    /// <summary>Name and arguments of each call.</summary>
    private static string[] Calls(JsonNode? calls) =>
        calls is null
            ? []
            : [.. calls.AsArray().Select(c => $"{c!["function"]!["name"]} {c["function"]!["arguments"]}")];

    private static string[] Calls(IEnumerable<JsonNode> pieces)
    {
        var deltas = pieces.Select(p => p["delta"]!["tool_calls"]).OfType<JsonArray>().SelectMany(c => c).ToList();
        return
        [
            .. deltas
                .GroupBy(d => d!["index"]!.GetValue<int>())
                .Select(g =>
                    $"{string.Concat(g.Select(d => d!["function"]!["name"]?.GetValue<string>()))} {string.Concat(g.Select(d => d!["function"]!["arguments"]?.GetValue<string>()))}"
                ),
        ];
    }

    private static string Path(string dialect) =>
        dialect is "runpod-queue" ? $"/v2/abc/openai{SimulatorClient.ChatPath}" : SimulatorClient.ChatPath;

    private static async Task<string> TextAsync(SimulatorClient simulator, string dialect, string body)
    {
        using var response = await simulator.Http.PostAsync(
            Path(dialect),
            SimulatorClient.Content(body),
            TestContext.Current.CancellationToken
        );
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        return text;
    }

    private static async Task<JsonNode> JsonAsync(SimulatorClient simulator, string dialect, string body) =>
        JsonNode.Parse(await TextAsync(simulator, dialect, body))!;

    private static async Task<IReadOnlyList<JsonNode>> EventsAsync(
        SimulatorClient simulator,
        string dialect,
        string body
    )
    {
        var data = SimulatorClient.Data(await TextAsync(simulator, dialect, body));
        Assert.Equal("[DONE]", data[^1]);
        return [.. data.SkipLast(1).Select(d => JsonNode.Parse(d)!)];
    }
}
