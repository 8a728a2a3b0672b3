using System.Diagnostics;
using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Metering;

/// <summary>What the ledger says and what the engine knows of the same requests.</summary>
public sealed class LedgerTests
{
    private const string Model = "demo";
    private static readonly string[] Keys = ["one", "two", "three"];

    [Fact]
    public async Task The_ledger_equals_the_engine_s_own_counters_though_a_third_of_the_streams_is_left_at_random()
    {
        const int Requests = 900;
        await using var engine = await SimulatorProcess.StartAsync("--itl", "10ms", "--remember-generations", "20000");
        await using var gateway = await GatewayProcess.StartAsync(Declare(engine));
        var left = 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Requests),
            new ParallelOptions { MaxDegreeOfParallelism = 24 },
            async (number, _) =>
            {
                var key = Keys[number % Keys.Length];
                var chance = new Chance(number);
                var body = Body(key, 1 + chance.Next(40), stream: number % 3 != 0);
                if (number % 3 != 1)
                {
                    Assert.Equal(200, (await gateway.As(key).ChatAsync(body)).Status);
                    return;
                }

                using var stream = await gateway.As(key).OpenAsync(body);
                var events = 1 + chance.Next(20);
                // Some are over before: those are no different from the others.
                await stream.ReadUntilAsync(text => text.Split("data: ").Length > events);
                Interlocked.Increment(ref left);
            }
        );
        await Until.TrueAsync(async () => await engine.CountAsync("running") == 0, "the engine to be idle");

        var told = await UsageAsync(gateway, Requests);
        var known = await GenerationsAsync(engine);
        Assert.Equal(Requests, told.Values.Sum(row => row.Requests));
        Assert.Equal(Requests, known.Values.Sum(row => row.Requests));
        foreach (var key in Keys)
        {
            Assert.Equal(0, told[key].Errors);
            Assert.Equal(known[key].Prompt, told[key].Prompt);
            // What was on its way when its caller left is the engine's alone: the gateway hangs up at once, and how late that
            // is on a busy machine is no matter of the ledger.
            Assert.InRange(known[key].Completion - told[key].Completion, 0, 3 * left);
        }
    }

    [Fact]
    public async Task A_kill_loses_none_of_what_had_ended_when_the_ledger_is_durable()
    {
        await using var engine = await SimulatorProcess.StartAsync("--tokens", "7");
        using var folder = new TempFolder();
        folder.Write("penstock.yaml", Declare(engine).ToString());
        string[] arguments = ["--no-discovery", "--config", folder.File("penstock.yaml"), "Ledger:Durable=true"];
        const int Ended = 200;
        await using (var gateway = await GatewayProcess.StartAsync(folder, arguments))
        {
            // One after the other on one connection: when an answer is there, the request before it has ended.
            for (var i = 0; i <= Ended; i++)
            {
                await gateway.As("one").ChatAsync(Body("one", 7, stream: i % 2 == 0));
            }

            gateway.Process.KillHard();
        }

        await using var again = await GatewayProcess.StartAsync(folder, arguments);
        await Until.TrueAsync(
            async () => (await UsageAsync(again)).GetValueOrDefault("one").Requests >= Ended,
            "the rows of the process that was killed"
        );
        var row = (await UsageAsync(again))["one"];
        Assert.InRange(row.Requests, Ended, Ended + 1);
        Assert.Equal(7 * row.Requests, row.Completion);
    }

    [Fact]
    public async Task A_kill_loses_no_more_than_the_flush_interval_and_the_same_row_never_counts_twice()
    {
        await using var engine = await SimulatorProcess.StartAsync("--tokens", "7");
        using var folder = new TempFolder();
        folder.Write("penstock.yaml", Declare(engine).ToString());
        string[] arguments = ["--no-discovery", "--config", folder.File("penstock.yaml")];
        var early = 0L;
        var all = 0L;
        for (var life = 0; life < 3; life++)
        {
            await using var gateway = await GatewayProcess.StartAsync(folder, arguments);
            var clock = Stopwatch.StartNew();
            // The interval is 200 ms; a busy machine may be late by several of them.
            while (clock.Elapsed < TimeSpan.FromSeconds(4))
            {
                await gateway.As("one").ChatAsync(Body("one", 7, stream: false));
                all++;
                early += clock.Elapsed < TimeSpan.FromSeconds(2) ? 1 : 0;
            }

            gateway.Process.KillHard();
        }

        await using var last = await GatewayProcess.StartAsync(folder, arguments);
        var row = (await UsageAsync(last))["one"];
        Assert.InRange(row.Requests, early, all);
        Assert.Equal(7 * row.Requests, row.Completion);
    }

    [Theory]
    [InlineData("epoll")]
    [InlineData("sockets")]
    public async Task A_stop_waits_for_the_last_answers_and_writes_what_they_cost(string transport)
    {
        await using var engine = await SimulatorProcess.StartAsync("--itl", "20ms", "--tokens", "100");
        using var folder = new TempFolder();
        folder.Write("penstock.yaml", Declare(engine).ToString());
        string[] arguments =
        [
            "--no-discovery",
            "--config",
            folder.File("penstock.yaml"),
            $"Transport:Kind={transport}",
        ];
        await using (var gateway = await GatewayProcess.StartAsync(folder, arguments))
        {
            // Nobody else is there whom the server would wait for.
            using var caller = gateway.Raw();
            await caller.SendAsync(Request(Body("one", 100, stream: true)));
            Assert.True(await caller.HearAsync(text => text.Contains("data: ", StringComparison.Ordinal)));
            gateway.Process.Terminate();
            Assert.EndsWith("[DONE]\n\n\r\n0\r\n\r\n", await caller.HearAllAsync(), StringComparison.Ordinal);
            Assert.Equal(0, await gateway.Process.WaitForExitAsync());
        }

        await using var again = await GatewayProcess.StartAsync(folder, arguments);
        var row = (await UsageAsync(again)).GetValueOrDefault("one");
        Assert.Equal((1, 100), (row.Requests, row.Completion));
    }

    [Fact]
    public async Task The_command_line_shows_usage_and_credits_and_a_balance_at_zero_is_402()
    {
        await using var engine = await SimulatorProcess.StartAsync("--tokens", "10");
        await using var gateway = await GatewayProcess.StartAsync(Declare(engine));
        Assert.Equal(0, (await gateway.Cli.RunAsync("workspaces", "credit", "acme", "0.001")).ExitCode);
        var body = Body("one", 10, stream: false);
        var first = await gateway.As("one").ChatAsync(body);
        Assert.Equal(200, first.Status);
        var paid = (await gateway.Cli.RunAsync("usage", "--by", "model", "--json")).Output;
        var row = JsonNode.Parse(paid)!.AsArray().Single()!.AsObject();
        Assert.Equal(Model, row["model"]!.GetValue<string>());
        // A hundred units for a million tokens: ten of them cost a thousandth, the prompt the rest.
        Assert.True(row["cost"]!.GetValue<decimal>() >= 0.001m);

        Assert.Equal(402, (await gateway.As("two").ChatAsync(body)).Status);
        Assert.Equal(0, (await gateway.Cli.RunAsync("workspaces", "credit", "acme", "5")).ExitCode);
        Assert.Equal(200, (await gateway.As("two").ChatAsync(body)).Status);
    }

    private static Declaration Declare(SimulatorProcess engine)
    {
        var declaration = new Declaration().Tenant("acme");
        foreach (var key in Keys)
        {
            declaration.Key(key, "acme");
        }

        return declaration.Deployment(
            "acme",
            Model,
            "demo",
            engine.Url,
            deployment => deployment["price"] = new JsonObject { ["prompt"] = 100, ["completion"] = 100 }
        );
    }

    private static string Request(string body) =>
        $"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        + $"Authorization: Bearer {Declaration.Secret("one")}\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    private static string Body(string key, int tokens, bool stream) =>
        ChatBody.Minimal(
            Model,
            $$""","user":"{{key}}","max_tokens":{{tokens}},"stream":{{(stream ? "true" : "false")}}"""
        );

    private static async Task<Dictionary<string, Sum>> UsageAsync(GatewayProcess gateway, long enough = 0)
    {
        var sums = new Dictionary<string, Sum>(StringComparer.Ordinal);
        await Until.TrueAsync(
            async () =>
            {
                var rows = (await gateway.Admin.GetAsync("usage?by=key")).Expect(200).Json["data"]!.AsArray();
                sums = rows.ToDictionary(row => row!["key"]!.GetValue<string>(), row => SumOf(row!));
                return sums.Values.Sum(sum => sum.Requests) >= enough;
            },
            "the last requests to end"
        );
        return sums;
    }

    private static Sum SumOf(JsonNode row) =>
        new(
            row["requests"]!.GetValue<long>(),
            row["errors"]!.GetValue<long>(),
            row["prompt_tokens"]!.GetValue<long>(),
            row["completion_tokens"]!.GetValue<long>()
        );

    /// <summary>What the engine knows, by the user that each request named: its key.</summary>
    private static async Task<Dictionary<string, Sum>> GenerationsAsync(SimulatorProcess engine)
    {
        var generations = (await engine.GetAsync("/sim/generations?last=20000"))["generations"]!.AsArray();
        return generations
            .GroupBy(one => one!["user"]?.GetValue<string>() ?? "", StringComparer.Ordinal)
            .ToDictionary(
                group => group.Key,
                group => new Sum(
                    group.Count(),
                    0,
                    group.Sum(one => one!["prompt_tokens"]!.GetValue<long>()),
                    group.Sum(one => one!["generated_tokens"]!.GetValue<long>())
                ),
                StringComparer.Ordinal
            );
    }

    private readonly record struct Sum(long Requests, long Errors, long Prompt, long Completion);
}
