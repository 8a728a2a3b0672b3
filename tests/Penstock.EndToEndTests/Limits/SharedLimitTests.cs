using Penstock.EndToEndTests.Harness;
using Penstock.EndToEndTests.Operations;

namespace Penstock.EndToEndTests.Limits;

/// <summary>One gateway whose limits are kept in a real Redis.</summary>
public sealed class SharedLimitTests : IAsyncLifetime
{
    private readonly RecordingEngine _engine = new();
    private readonly TempFolder _folder = new();
    private RedisProcess _redis = null!;
    private GatewayProcess _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        var declaration = new Declaration()
            .Workspace("acme", "pro")
            // A request a minute: after the first, none passes while this test runs, however slow the machine is.
            .Key("narrow", "acme", key => key["requests_per_minute"] = 1)
            .Key("wide", "acme")
            .Deployment("acme", "m", "org/model", _engine.Url);
        _folder.Write("penstock.yaml", declaration.ToString());
        _redis = await RedisProcess.StartAsync();
        _gateway = await StartAsync();
    }

    [Fact]
    public async Task A_key_s_count_is_told_and_outlives_the_gateway()
    {
        var first = (await _gateway.As("narrow").ChatAsync(ChatBody.Minimal())).Expect(200);
        Assert.Equal(("1", "0"), (first.Header("X-RateLimit-Limit"), first.Header("X-RateLimit-Remaining")));
        (await _gateway.As("narrow").ChatAsync(ChatBody.Minimal())).ExpectError(
            429,
            "rate_limit_error",
            "rate_limit_exceeded"
        );
        Assert.Equal(0, await _gateway.StopAsync());
        await _gateway.DisposeAsync();

        _gateway = await StartAsync();

        (await _gateway.As("narrow").ChatAsync(ChatBody.Minimal())).ExpectError(
            429,
            "rate_limit_error",
            "rate_limit_exceeded"
        );
    }

    [Fact]
    public async Task Requests_go_on_without_Redis_and_the_metric_and_two_lines_tell()
    {
        (await _gateway.As("wide").ChatAsync(ChatBody.Minimal())).Expect(200);
        Assert.Equal(0, await SampleAsync("penstock_redis_away"));

        await _redis.KillAsync();
        await Until.TrueAsync(
            async () =>
            {
                (await _gateway.As("wide").ChatAsync(ChatBody.Minimal())).Expect(200);
                return await SampleAsync("penstock_redis_away") == 1;
            },
            "the gateway to notice that Redis is away"
        );
        var alone = (await _gateway.As("wide").ChatAsync(ChatBody.Minimal())).Expect(200);
        Assert.Equal("500", alone.Header("X-RateLimit-Limit"));
        Assert.True(await SampleAsync("penstock_redis_alone_total") > 0);

        await _redis.StartAgainAsync();
        await _gateway.Output.LineAsync(
            line => line.Contains("Redis answers again", StringComparison.Ordinal),
            "Redis is back"
        );
        (await _gateway.As("wide").ChatAsync(ChatBody.Minimal())).Expect(200);
        Assert.Equal(0, await SampleAsync("penstock_redis_away"));
        Assert.Single(
            _gateway.Output.Lines(),
            line => line.Contains("Redis does not answer", StringComparison.Ordinal)
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _redis.DisposeAsync();
        await _engine.DisposeAsync();
        _folder.Dispose();
    }

    private Task<GatewayProcess> StartAsync() =>
        GatewayProcess.StartAsync(
            _folder,
            [
                "--no-discovery",
                "--config",
                _folder.File("penstock.yaml"),
                "--redis",
                _redis.Address,
                "Probing:AtRegistration=false",
                // A busy machine is no slow server.
                "Redis:DeadlineMilliseconds=5000",
                "Redis:RetryMilliseconds=100",
            ]
        );

    private async Task<double> SampleAsync(string name)
    {
        var answer = (await _gateway.WithSecret(null).GetAsync("/metrics")).Expect(200);
        return PrometheusText.Parse(answer.Text).Where(sample => sample.Is(name)).Sum(sample => sample.Value);
    }
}
