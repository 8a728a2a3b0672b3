using System.Text.Json.Nodes;
using Penstock.Simulator;

namespace Penstock.Tests.Simulator;

/// <summary>What each request cost, to the token, however it ended.</summary>
public sealed class GenerationLedger
{
    private const string Stream = "\"stream\":true";

    [Theory]
    [InlineData("tokens=20", Stream, "completed", 20, 20)]
    [InlineData("tokens=20", "", "completed", 20, 20)]
    [InlineData("tokens=20", "\"stream\":true,\"n\":3", "completed", 60, 60)]
    [InlineData("tokens=20 cut=4", Stream, "faulted", 3, 3)]
    [InlineData("tokens=20 reset=4", Stream, "faulted", 3, 3)]
    [InlineData("tokens=20 error-event=4", Stream, "faulted", 3, 3)]
    [InlineData("tokens=20 cut=10", "", "faulted", 20, 0)]
    [InlineData("status=503", Stream, "faulted", 0, 0)]
    public async Task Tokens_are_counted_by_request(string directives, string more, string ending, int made, int sent)
    {
        await using var simulator = new SimulatorClient();
        using var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        await connection.SendAsync(
            RawConnection.Request(
                SimulatorClient.Body(
                    $"[[sim {directives}]]",
                    more.Length > 0 ? $"{more},\"user\":\"u\"" : "\"user\":\"u\""
                ),
                "X-Request-Id: req-7\r\n"
            )
        );
        await SimulatorClient.EventuallyAsync(() =>
            simulator.Server.Counters.Completed + simulator.Server.Counters.Faulted == 1
        );
        await SimulatorClient.EventuallyAsync(() => simulator.Server.Generations[0].SentTokens == sent);
        var record = Assert.Single(simulator.Server.Generations);
        Assert.Equal((ending, made, sent), (record.Ending, record.GeneratedTokens, record.SentTokens));
        Assert.Equal(("req-7", "u", "demo"), (record.RequestId, record.User, record.Model));
        Assert.Equal(made, simulator.Server.Counters.GeneratedTokens);
        Assert.Equal(sent, simulator.Server.Counters.SentTokens);
    }

    [Fact]
    public async Task The_list_is_JSON_and_can_be_asked_for_one_request()
    {
        await using var simulator = new SimulatorClient();
        for (var i = 0; i < 3; i++)
        {
            simulator.Http.DefaultRequestHeaders.Remove("X-Request-Id");
            simulator.Http.DefaultRequestHeaders.Add("X-Request-Id", $"req-{i}");
            await simulator.JsonAsync(SimulatorClient.Body("hello", $"\"max_tokens\":{i + 1}"));
        }

        var one = Assert.Single(await GenerationsAsync(simulator, "?request=req-1"))!;
        Assert.Equal(2, one["number"]!.GetValue<int>());
        Assert.Equal(2, one["generated_tokens"]!.GetValue<int>());
        Assert.Equal("completed", one["ending"]!.GetValue<string>());
        Assert.StartsWith("chatcmpl-", one["id"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(3, (await GenerationsAsync(simulator, "")).Count);
        Assert.Equal(
            "req-2",
            Assert.Single(await GenerationsAsync(simulator, "?last=1"))!["request_id"]!.GetValue<string>()
        );
    }

    [Fact]
    public async Task Memory_is_bounded()
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { RememberedGenerations = 2 });
        for (var i = 0; i < 5; i++)
        {
            await simulator.JsonAsync(SimulatorClient.Body());
        }

        Assert.Equal([4, 5], simulator.Server.Generations.Select(g => g.Number));
    }

    private static async Task<JsonArray> GenerationsAsync(SimulatorClient simulator, string query) =>
        JsonNode.Parse(
            await simulator.Http.GetStringAsync($"/sim/generations{query}", TestContext.Current.CancellationToken)
        )!["generations"]!.AsArray();
}
