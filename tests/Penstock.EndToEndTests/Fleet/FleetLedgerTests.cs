using System.Globalization;
using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Fleet;

/// <summary>What three gateways wrote into one ledger, and what the engines know of the same requests.</summary>
public sealed class FleetLedgerTests : IAsyncLifetime
{
    /// <summary>How many requests. By hand: 20000.</summary>
    private const string Requests = "PENSTOCK_FLEET_REQUESTS";

    /// <summary>
    /// What ended before the kill by more than this has a row. The stated interval is 200 ms; the rest is what a commit may
    /// take on a machine that does everything at once.
    /// </summary>
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(5);

    private readonly List<SimulatorProcess> _engines = [];
    private GatewayFleet _fleet = null!;

    public async ValueTask InitializeAsync()
    {
        for (var engine = 0; engine < 3; engine++)
        {
            _engines.Add(await SimulatorProcess.StartAsync("--itl", "20ms", "--remember-generations", "60000"));
        }

        var declaration = new Declaration().Tenant("acme");
        foreach (var key in FleetTraffic.Keys)
        {
            declaration.Key(key, "acme");
        }

        declaration.Deployment(
            "acme",
            FleetTraffic.Model,
            "demo",
            _engines[0].Url,
            deployment =>
                deployment["replicas"] = new JsonArray([
                    .. _engines.Select(engine => (JsonNode)new JsonObject { ["url"] = engine.Url }),
                ])
        );
        _fleet = await GatewayFleet.StartAsync(declaration);
    }

    public async ValueTask DisposeAsync()
    {
        await (_fleet?.DisposeAsync() ?? ValueTask.CompletedTask);
        foreach (var engine in _engines)
        {
            await engine.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_ledger_equals_the_engines_though_engines_die_callers_leave_and_a_gateway_is_killed()
    {
        var traffic = new FleetTraffic(_fleet, _engines, Count());
        await traffic.RunAsync();
        foreach (var engine in _engines)
        {
            await Until.TrueAsync(async () => await engine.CountAsync("running") == 0, "the engines to be idle");
        }

        var sums = await SumsAsync();
        var rows = await FleetRow.AllAsync(_fleet);
        var generations = (await FleetGeneration.AllAsync(_engines)).ToLookup(one => one.Id);

        var lost = AssertOnlyTheFlushIntervalIsLost(traffic, rows, generations);
        var left = AssertRowsAreTheEngines(traffic, rows, generations);
        // Nothing counted twice on the way from the rows to what is shown: key by key, to the token.
        Assert.Equal(
            rows.Values.GroupBy(row => row.Key).Select(Sum).OrderBy(sum => sum.Key, StringComparer.Ordinal),
            sums.Where(sum => sum.Requests > 0).OrderBy(sum => sum.Key, StringComparer.Ordinal)
        );
        TestContext.Current.SendDiagnosticMessage(
            $"{traffic.Calls.Count} requests, {rows.Count} rows, {generations.Count} at the engines, {traffic.Deaths} deaths; {lost}; {left}"
        );
    }

    /// <summary>Of the killed gateway: what was under way, and what had ended so shortly before that it was not written.</summary>
    private static string AssertOnlyTheFlushIntervalIsLost(
        FleetTraffic traffic,
        IReadOnlyDictionary<Guid, FleetRow> rows,
        ILookup<Guid, FleetGeneration> generations
    )
    {
        var known = traffic.Calls.Where(call => call.Id is not null).ToDictionary(call => call.Id!.Value);
        var ended = known.Values.Where(call => !rows.ContainsKey(call.Id!.Value)).ToList();
        Assert.All(ended, call => Assert.Equal(FleetTraffic.Killed, call.Gateway));
        var oldest = ended
            .Select(call => TimeProvider.System.GetElapsedTime(call.Ended, traffic.KilledAt))
            .DefaultIfEmpty()
            .Max();
        Assert.True(oldest < FlushInterval, $"A row was lost of a request that had ended {oldest} before the kill.");
        Assert.DoesNotContain(ended, call => call.Ended > traffic.StartedAgainAt);

        var broken = traffic.Calls.Count(call => call.Ending == FleetCallEnding.Broken);
        var underWay = generations.Count(one => !rows.ContainsKey(one.Key) && !known.ContainsKey(one.Key));
        Assert.InRange(underWay, 0, broken);
        return $"lost {ended.Count} that had ended up to {oldest.TotalMilliseconds:0} ms before the kill, {underWay} under way";
    }

    private static string AssertRowsAreTheEngines(
        FleetTraffic traffic,
        IReadOnlyDictionary<Guid, FleetRow> rows,
        ILookup<Guid, FleetGeneration> generations
    )
    {
        var known = traffic.Calls.Where(call => call.Id is not null).ToDictionary(call => call.Id!.Value);
        var (exact, onTheirWay, leaving, several) = (0, 0L, 0, 0);
        foreach (var row in rows.Values)
        {
            var made = generations[row.Id].ToList();
            var seen = known.GetValueOrDefault(row.Id)?.Tokens ?? 0;
            var most = made.Sum(one => one.Completion);
            Assert.All(made, one => Assert.Equal(row.Key, one.Key));
            Assert.True(
                row.Completion >= seen && row.Completion <= most,
                $"{row}: seen {seen}, made {string.Join(", ", made)}"
            );
            switch (made)
            {
                case [{ Ending: "completed" } one] when row.Ending == "completed":
                    Assert.Equal((one.Prompt, one.Completion), (row.Prompt, row.Completion));
                    exact++;
                    break;
                case [var one] when row.Ending == "client_gone":
                    // Every token that came is in the row; one that was made meanwhile the engine has alone.
                    Assert.True(one.Prompt == row.Prompt, $"{row}: {one}");
                    onTheirWay += one.Completion - row.Completion;
                    leaving++;
                    break;
                default:
                    several++;
                    break;
            }
        }

        Assert.True(
            exact > rows.Count / 2 && leaving > 0,
            $"{exact} and {leaving} of {rows.Count}: the test shows nothing."
        );
        // The gateway hangs up at once: how late "at once" is on a busy machine is no matter of the ledger.
        Assert.InRange(onTheirWay, 0, 2 * leaving);
        return $"{exact} equal to the token, {leaving} left with {onTheirWay} tokens on their way, {several} of engines that died";
    }

    private static KeySum Sum(IGrouping<string, FleetRow> rows) =>
        new(rows.Key, rows.LongCount(), rows.Sum(row => row.Prompt), rows.Sum(row => row.Completion));

    /// <summary>As an operator sees them at one gateway, when each has written what had ended.</summary>
    private async Task<IReadOnlyList<KeySum>> SumsAsync()
    {
        JsonArray rows = [];
        var before = -1L;
        await Until.TrueAsync(
            async () =>
            {
                foreach (var gateway in _fleet.Running)
                {
                    rows = (await gateway.Admin.GetAsync("usage?by=key")).Expect(200).Json["data"]!.AsArray();
                }

                // An abort of the last callers may still be under way when they have gone.
                var now = rows.Sum(row => row!["requests"]!.GetValue<long>());
                return now == Interlocked.Exchange(ref before, now);
            },
            "the last rows"
        );
        return
        [
            .. rows.Select(row => new KeySum(
                row!["key"]!.GetValue<string>(),
                row["requests"]!.GetValue<long>(),
                row["prompt_tokens"]!.GetValue<long>(),
                row["completion_tokens"]!.GetValue<long>()
            )),
        ];
    }

    private static int Count() =>
        int.TryParse(
            Environment.GetEnvironmentVariable(Requests),
            NumberStyles.Integer,
            CultureInfo.InvariantCulture,
            out var count
        )
            ? count
            : 3_000;

    private sealed record KeySum(string Key, long Requests, long Prompt, long Completion);
}
