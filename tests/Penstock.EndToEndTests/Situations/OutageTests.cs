using System.Globalization;
using Penstock.EndToEndTests.Harness;
using Penstock.EndToEndTests.Operations;

namespace Penstock.EndToEndTests.Situations;

/// <summary>A deployment that is down for long, with a fallback. It has a class of its own to run beside the others.</summary>
public sealed class OutageTests : IClassFixture<SituationGateway>
{
    /// <summary>Seconds of the outage; without it a run is short enough for every build.</summary>
    private const string Seconds = "PENSTOCK_OUTAGE_SECONDS";

    private static readonly TimeSpan Short = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenRequests = TimeSpan.FromMilliseconds(100);

    /// <summary>Five that open the breaker, and its probes after 1, 2, 4, 8 and every 15 seconds.</summary>
    private static readonly int MostTries = 5 + 4 + (int)(Length().TotalSeconds / 15) + 2;

    private readonly SituationGateway _fixture;

    public OutageTests(SituationGateway fixture) => _fixture = fixture;

    [Fact]
    public async Task Situation_15_while_a_deployment_is_down_its_fallback_serves_and_it_is_back_soon_after()
    {
        await using var engine = await SituationGateway.EngineAsync();
        var model = await _fixture.DeployAsync(null, engine);
        Assert.Equal(SituationGateway.Weights, await AskAsync(model));
        var length = Length();
        await engine.DieAsync($"{length.TotalMilliseconds:0}ms");
        var began = TimeProvider.System.GetTimestamp();
        var (served, asked) = (0, 0);

        while (await AskAsync(model) is var who && (who != SituationGateway.Weights || served == 0))
        {
            asked++;
            served += who == "org/spare" ? 1 : 0;
            var away = TimeProvider.System.GetElapsedTime(began);
            Assert.True(away < length + BackWithin, $"not back {away - length} after the engine");
            await Task.Delay(BetweenRequests, TimeProvider.System, TestContext.Current.CancellationToken);
        }

        var back = TimeProvider.System.GetElapsedTime(began);
        var tries = await TriesAsync();
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"down for {length}: {served} of {asked} served by the fallback, {tries} tries in vain, back after {back}"
        );
        Assert.Equal(asked, served);
        Assert.InRange(tries, 1, MostTries);
        Assert.True(back >= length - TimeSpan.FromSeconds(1), $"answered after {back}, as if it had not been down");
    }

    /// <summary>The upstream model that answered; whatever else came fails the test.</summary>
    private async Task<string> AskAsync(string model) =>
        (await _fixture.Client.ChatAsync(ChatBody.Minimal(model))).Expect(200).Header("X-Model-Used")!;

    /// <summary>Attempts that brought no answer.</summary>
    private async Task<double> TriesAsync()
    {
        var metrics = PrometheusText.Parse(
            (await _fixture.Gateway.WithSecret(null).GetAsync("/metrics")).Expect(200).Text
        );
        return Sum("penstock_attempts_total") - Sum("penstock_requests_total");

        double Sum(string name) => metrics.Where(sample => sample.Is(name)).Sum(sample => sample.Value);
    }

    private static TimeSpan Length() =>
        double.TryParse(
            Environment.GetEnvironmentVariable(Seconds),
            NumberStyles.Float,
            CultureInfo.InvariantCulture,
            out var seconds
        )
            ? TimeSpan.FromSeconds(seconds)
            : Short;
}
