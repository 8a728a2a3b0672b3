using System.Net;
using Penstock.Forwarding;
using Penstock.Routing;
using Penstock.Routing.Policies;
using Penstock.Tests.Forwarding;
using static Penstock.Tests.Inference.EngineSpeech;

namespace Penstock.Tests.Inference;

/// <summary>A first byte is late: another replica gets the request too, and the first byte wins.</summary>
public sealed class HedgingTests
{
    private const string Ask = """{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true}""";
    private const string Json =
        """{"id":"b","choices":[{"index":0,"message":{"role":"assistant","content":"hey"},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}""";

    private static readonly string Answered =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + $"Content-Length: {Json.Length}\r\n\r\n{Json}";

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public async Task The_second_replica_answers_and_the_first_is_broken_off(bool stream, bool sendsItsHead)
    {
        using var fleet = new FakeFleet(2);
        await using var gateway = await StartAsync(fleet);
        var asked = gateway.AskAsync(stream ? Ask : Ask.Replace(",\"stream\":true", "", StringComparison.Ordinal));
        var (late, lateEngine) = await fleet.AcceptAsync();
        using var one = late;
        await late.ReadRequestAsync();
        if (sendsItsHead)
        {
            await late.SendAsync(Head);
        }

        var (quick, quickEngine) = await fleet.AcceptAsync();
        using var other = quick;
        Assert.NotEqual(lateEngine, quickEngine);
        await quick.ReadRequestAsync();
        await quick.SendAsync(
            stream ? Stream(Role("b"), Text("b", "hey"), Finish("b"), Usage("b", 7, 2), Done) : Answered
        );
        using var answer = await asked;

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("hey", await TextOf(answer), StringComparison.Ordinal);
        Assert.True(await late.SeesCloseAsync());
        await EndsAsync(gateway, "completed 200");
        Assert.All(Replicas(gateway), replica => Assert.Equal((0, 0), (replica.InFlight, replica.Failures)));
        var ledger = await gateway.ReadLedgerAsync();
        Assert.Equal(
            "2 7 2",
            Assert.Single(ledger.Column("attempts || ' ' || prompt_tokens || ' ' || completion_tokens"))
        );
        Assert.Equal(
            Replicas(gateway)[quickEngine].Address.Url.OriginalString,
            Assert.Single(ledger.Column("replica"))
        );
    }

    [Fact]
    public async Task The_first_answers_if_it_is_quicker_after_all()
    {
        using var fleet = new FakeFleet(2);
        await using var gateway = await StartAsync(fleet);
        var asked = gateway.AskAsync(Ask);
        using var first = (await fleet.AcceptAsync()).Connection;
        await first.ReadRequestAsync();
        using var second = (await fleet.AcceptAsync()).Connection;
        await second.ReadRequestAsync();

        await first.SendAsync(Stream(Role("a"), Text("a", "hey"), Finish("a"), Done));

        Assert.Equal(Role("a") + Text("a", "hey") + Finish("a") + Done, await TextOf(await asked));
        Assert.True(await second.SeesCloseAsync());
        await EndsAsync(gateway, "completed 200");
        Assert.All(Replicas(gateway), replica => Assert.Equal((0, 0), (replica.InFlight, replica.Failures)));
    }

    [Fact]
    public async Task Where_one_fails_the_other_is_waited_for_and_the_failure_is_noted()
    {
        using var fleet = new FakeFleet(2);
        await using var gateway = await StartAsync(fleet);
        var asked = gateway.AskAsync(Ask);
        var (first, failing) = await fleet.AcceptAsync();
        await first.ReadRequestAsync();
        using var second = (await fleet.AcceptAsync()).Connection;
        await second.ReadRequestAsync();
        first.Reset();
        await second.SendAsync(Head);
        // The failure is seen before the other answers.
        while (gateway.CallsUnderWay.All(call => call.Failure == UpstreamFailure.None))
        {
            await Task.Yield();
        }

        await second.SendAsync(
            Chunked(Role("b")) + Chunked(Text("b", "hey")) + Chunked(Finish("b")) + Chunked(Done) + "0\r\n\r\n"
        );

        Assert.Equal(Role("b") + Text("b", "hey") + Finish("b") + Done, await TextOf(await asked));
        await EndsAsync(gateway, "completed 200");
        Assert.Equal(1, Replicas(gateway)[failing].Failures);
        Assert.All(Replicas(gateway), replica => Assert.Equal(0, replica.InFlight));
    }

    [Fact]
    public async Task Where_both_fail_the_request_goes_on_as_if_it_had_been_tried_twice()
    {
        using var fleet = new FakeFleet(3);
        await using var gateway = await StartAsync(fleet);
        var asked = gateway.AskAsync(Ask);
        var (first, one) = await fleet.AcceptAsync();
        await first.ReadRequestAsync();
        var (second, two) = await fleet.AcceptAsync();
        await second.ReadRequestAsync();
        first.Reset();
        second.Reset();
        var (third, last) = await fleet.AcceptAsync();
        using var connection = third;
        await third.ReadRequestAsync();
        await third.SendAsync(Stream(Role("b"), Text("b", "hey"), Finish("b"), Done));

        Assert.Equal(Role("b") + Text("b", "hey") + Finish("b") + Done, await TextOf(await asked));
        Assert.Equal([0, 1, 2], new[] { one, two, last }.Order());
        Assert.Equal(1, Replicas(gateway)[one].Failures);
        Assert.Equal(1, Replicas(gateway)[two].Failures);
    }

    [Fact]
    public async Task A_caller_who_leaves_ends_both()
    {
        using var fleet = new FakeFleet(2);
        await using var gateway = await StartAsync(fleet);
        using var leaving = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(Ask, System.Text.Encoding.UTF8, "application/json"),
        };
        var asked = gateway.Client.SendAsync(request, leaving.Token);
        using var first = (await fleet.AcceptAsync()).Connection;
        await first.ReadRequestAsync();
        using var second = (await fleet.AcceptAsync()).Connection;
        await second.ReadRequestAsync();

        await leaving.CancelAsync();

        Assert.True(await first.SeesCloseAsync());
        Assert.True(await second.SeesCloseAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await EndsAsync(gateway, "client_gone 499");
        Assert.All(Replicas(gateway), replica => Assert.Equal((0, 0), (replica.InFlight, replica.Failures)));
    }

    public static TheoryData<string> Reasons => ["off", "unlearned", "budget", "drained", "full"];

    [Theory]
    [MemberData(nameof(Reasons))]
    public async Task Nobody_else_is_asked_where_that_is(string reason)
    {
        using var fleet = new FakeFleet(2);
        await using var gateway = await StartAsync(
            fleet,
            reason == "off" ? Hedge.Off : Hedge.Auto,
            learned: reason != "unlearned"
        );
        var route = gateway.Router.Table.Routes[0];
        if (reason == "budget")
        {
            while (route.Retries.TrySpend()) { }
        }

        var asked = gateway.AskAsync(Ask);
        var (connection, engine) = await fleet.AcceptAsync();
        using var one = connection;
        var other = route.Replicas[1 - engine];
        if (reason == "drained")
        {
            other.Use(other.Address with { Drained = true });
        }

        if (reason == "full")
        {
            other.Enter();
        }

        await connection.ReadRequestAsync();
        // Ten times as long as it would take.
        await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, TestContext.Current.CancellationToken);
        await connection.SendAsync(Stream(Role("a"), Finish("a"), Done));

        Assert.EndsWith(Done, await TextOf(await asked), StringComparison.Ordinal);
        Assert.True(fleet.IsIdle);
    }

    private static Task<GatewayInProcess> StartAsync(FakeFleet fleet, Hedge hedge = Hedge.Auto, bool learned = true) =>
        LearnAsync(
            GatewayInProcess.StartAsync(
                [
                    GatewayInProcess.Deploy("m", fleet.Urls) with
                    {
                        Routing = new DeploymentRouting
                        {
                            Policy = RoutingPolicy.RoundRobin,
                            ShareCache = true,
                            Hedge = hedge,
                        },
                        Limits = new DeploymentLimits { MaxConcurrency = 1 },
                    },
                ],
                settings: new() { ["Routing:HedgeFloorMilliseconds"] = "20", ["Routing:HedgeSamples"] = "16" }
            ),
            learned
        );

    private static async Task<GatewayInProcess> LearnAsync(Task<GatewayInProcess> starting, bool learned)
    {
        var gateway = await starting;
        for (var i = 0; learned && i < 16; i++)
        {
            gateway.Router.Table.Routes[0].State.StreamTimes.Add(TimeSpan.FromMilliseconds(1));
            gateway.Router.Table.Routes[0].State.DocumentTimes.Add(TimeSpan.FromMilliseconds(1));
        }

        return gateway;
    }

    private static IReadOnlyList<Replica> Replicas(GatewayInProcess gateway) => gateway.Router.Table.Routes[0].Replicas;

    private static Task<string> TextOf(HttpResponseMessage answer) =>
        answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    private static async Task EndsAsync(GatewayInProcess gateway, string ending)
    {
        while (!gateway.Endings.Contains(ending, StringComparer.Ordinal))
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
