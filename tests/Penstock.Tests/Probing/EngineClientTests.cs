using Microsoft.Extensions.Time.Testing;
using Penstock.Engines;
using Penstock.Probing;
using Penstock.Tests.Registry.Discovery;
using Penstock.Tests.Simulator;

namespace Penstock.Tests.Probing;

public sealed class EngineClientTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_that_is_larger_than_what_is_read_is_none()
    {
        using var engine = new LittleEngine(("/metrics", new string('x', 2000)));
        using var client = new EngineClient(new ProbingOptions { AnswerBytes = 1024 }, TimeProvider.System);

        var reply = await client.GetAsync(At(engine.Url), "/metrics", Patience, Stop);

        Assert.Equal((ReplyKind.TooLarge, 0), (reply.Kind, reply.Status));
        Assert.Empty(reply.Body);
    }

    [Fact]
    public async Task An_answer_is_waited_for_as_long_as_was_said_and_no_longer()
    {
        var clock = new FakeTimeProvider();
        using var engine = new LittleEngine(("/health", null));
        using var client = new EngineClient(new ProbingOptions { PatienceSeconds = 60 }, clock);

        var asking = client.GetAsync(At(engine.Url), "/health", Patience, Stop);
        await SimulatorClient.EventuallyAsync(() => engine.Count("/health") == 1);
        clock.Advance(Patience - TimeSpan.FromMilliseconds(1));
        Assert.False(asking.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(1));

        var reply = await asking;
        Assert.Equal((ReplyKind.Late, "no answer within 5 s"), (reply.Kind, reply.Reason));
    }

    [Fact]
    public async Task Whoever_stops_is_told_so_and_not_that_the_engine_is_late()
    {
        using var engine = new LittleEngine(("/health", null));
        using var client = new EngineClient(new ProbingOptions(), TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        var asking = client.GetAsync(At(engine.Url), "/health", Patience, stop.Token);
        await SimulatorClient.EventuallyAsync(() => engine.Count("/health") == 1);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Theory]
    [InlineData("http://a:1", "http://a:1/health")]
    [InlineData("http://a:1/", "http://a:1/health")]
    [InlineData("https://a/base", "https://a/base/health")]
    [InlineData("https://a/base/", "https://a/base/health")]
    public void A_path_goes_behind_the_base_url(string url, string expected) =>
        Assert.Equal(expected, At(url).At("/health").AbsoluteUri);

    [Fact]
    public void A_credential_is_in_no_name_of_an_engine() =>
        Assert.DoesNotContain(
            "sk-secret",
            new EngineAddress(new Uri("http://a:1"), "sk-secret", EngineCatalog.Find("vllm")).ToString(),
            StringComparison.Ordinal
        );

    private static EngineAddress At(string url) => new(new Uri(url), null, EngineCatalog.Find("vllm"));
}
