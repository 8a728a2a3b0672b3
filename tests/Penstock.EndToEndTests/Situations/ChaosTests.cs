using System.Globalization;
using Penstock.EndToEndTests.Harness;
using Penstock.EndToEndTests.Operations;

namespace Penstock.EndToEndTests.Situations;

/// <summary>
/// Everything at once: engines fail by chance and die, callers leave, replicas come and go and are drained, the file changes. At the
/// end nothing is left behind, and every request has ended once.
/// </summary>
public sealed class ChaosTests
{
    /// <summary>Minutes of the soak; without it a run is short enough for every build.</summary>
    private const string Minutes = "PENSTOCK_CHAOS_MINUTES";

    private static readonly TimeSpan Short = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task After_a_soak_in_chaos_nothing_is_left_behind()
    {
        await using var chaos = await Chaos.StartAsync(seed: 7);
        // Pools, code and tables take their place in a calm beginning: what is looked for is what grows after it.
        await chaos.CalmAsync(requests: 200);
        var before = chaos.Look();

        await chaos.RunAsync(Length());

        await chaos.CalmAsync(requests: 50);
        await chaos.SettleAsync();
        var after = chaos.Look();
        TestContext.Current.SendDiagnosticMessage(
            $"{chaos.Report} before: {before} after: {after}, memory {string.Join(' ', chaos.Memory)} MiB"
        );

        await AssertEndedOnceAsync(chaos);
        Assert.InRange(after.Sockets, 0, before.Sockets + 8);
        Assert.InRange(after.Threads, 0, before.Threads + 16);
        Assert.InRange(after.ResidentBytes, 0, before.ResidentBytes + (96L << 20));
        Assert.True(chaos.Whole > chaos.Asked / 4, chaos.Report);
        Assert.True(chaos.Left > 0 && chaos.Deaths > 0 && chaos.Changes > 0 && chaos.Drains > 0, chaos.Report);
    }

    private static async Task AssertEndedOnceAsync(Chaos chaos)
    {
        var metrics = PrometheusText.Parse(await chaos.MetricsAsync());
        Assert.All(
            metrics.Where(sample => sample.Name.StartsWith("penstock_requests_in_flight", StringComparison.Ordinal)),
            sample => Assert.Equal(0, sample.Value)
        );
        foreach (var engine in chaos.Engines)
        {
            Assert.Equal(0, await engine.CountAsync("running"));
            Assert.Equal(0, await engine.CountAsync("waiting"));
        }

        var lines = chaos.ClosingLines();
        Assert.Equal(
            lines.Count,
            metrics.Where(sample => sample.Is("penstock_requests_total")).Sum(sample => sample.Value)
        );
        Assert.All(lines.GroupBy(line => line), request => Assert.Single(request));
        // One who left before the head was read may have left before the gateway had a request to end.
        var ended = lines.ToHashSet(StringComparer.Ordinal);
        Assert.DoesNotContain(chaos.Answered, id => !ended.Contains(id));
    }

    private static TimeSpan Length() =>
        double.TryParse(
            Environment.GetEnvironmentVariable(Minutes),
            NumberStyles.Float,
            CultureInfo.InvariantCulture,
            out var minutes
        )
            ? TimeSpan.FromMinutes(minutes)
            : Short;
}
