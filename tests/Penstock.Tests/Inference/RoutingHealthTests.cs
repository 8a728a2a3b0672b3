using System.Net;
using Penstock.Routing;
using Penstock.Tests.Forwarding;

namespace Penstock.Tests.Inference;

/// <summary>What the corridor tells of a replica's health.</summary>
public sealed class RoutingHealthTests
{
    private const string Ask = """{"model":"m","messages":[{"role":"user","content":"hi"}]}""";

    /// <summary>A router elsewhere took its whole fleet out of use for one caller's long prompts.</summary>
    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(413)]
    [InlineData(422)]
    [InlineData(429)]
    public async Task A_caller_s_mistakes_never_take_a_replica_out_of_use(int status)
    {
        using var engine = new FakeEngine();
        await using var gateway = await GatewayInProcess.StartAsync([
            GatewayInProcess.Deploy("m", engine.Url) with
            {
                Attempts = 1,
            },
        ]);
        for (var i = 0; i < 12; i++)
        {
            Assert.Equal(status, (int)(await AskAsync(gateway, engine, status)).StatusCode);
        }

        var replica = gateway.Router.Table.Routes[0].Replicas[0];
        Assert.False(replica.Breaker.IsOpen);
        Assert.Equal(0, replica.Failures);
    }

    [Fact]
    public async Task Five_failures_of_its_own_take_it_out_of_use_and_callers_are_told_when_to_come_back()
    {
        using var engine = new FakeEngine();
        await using var gateway = await GatewayInProcess.StartAsync([
            GatewayInProcess.Deploy("m", engine.Url) with
            {
                Attempts = 1,
                Limits = new DeploymentLimits { OutageWait = TimeSpan.FromMilliseconds(1) },
            },
        ]);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(500, (int)(await AskAsync(gateway, engine, 500)).StatusCode);
        }

        using var refused = await gateway.AskAsync(Ask);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Contains(
            "no_healthy_replica",
            await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
        Assert.Equal(0, gateway.Router.Table.Routes[0].Replicas[0].InFlight);
    }

    /// <summary>One prompt that an engine cannot digest took a lonely replica away from everybody.</summary>
    [Fact]
    public async Task The_tries_of_one_request_on_a_lonely_replica_count_as_one_failure()
    {
        using var engine = new FakeEngine();
        await using var gateway = await GatewayInProcess.StartAsync([GatewayInProcess.Deploy("m", engine.Url)]);
        for (var request = 1; request <= 4; request++)
        {
            var asked = gateway.AskAsync(Ask);
            for (var attempt = 0; attempt < 3; attempt++)
            {
                await RefuseAsync(engine, 500);
            }

            Assert.Equal(500, (int)(await asked).StatusCode);
            Assert.Equal(request, gateway.Router.Table.Routes[0].Replicas[0].Failures);
        }

        Assert.False(gateway.Router.Table.Routes[0].Replicas[0].Breaker.IsOpen);
    }

    /// <summary>One crash cut forty streams, which took the replica away for as long as forty failures would.</summary>
    [Fact]
    public async Task A_death_that_cuts_all_of_a_replica_s_streams_counts_as_one_failure()
    {
        using var engine = new FakeEngine();
        await using var gateway = await GatewayInProcess.StartAsync([
            GatewayInProcess.Deploy("m", engine.Url) with
            {
                Attempts = 1,
                Continuity = Continuity.Off,
            },
        ]);
        var (streams, connections) = (new List<HttpResponseMessage>(), new List<FakeEngine.Connection>());
        for (var i = 0; i < 12; i++)
        {
            var asked = gateway.AskAsync(Ask[..^1] + ",\"stream\":true}", HttpCompletionOption.ResponseHeadersRead);
            var connection = await engine.AcceptAsync();
            await connection.ReadRequestAsync();
            await connection.SendAsync(EngineSpeech.Head + EngineSpeech.Chunked(EngineSpeech.Role("a")));
            connections.Add(connection);
            // Its answer has begun: one that began after another's death would say that the replica is well again.
            streams.Add(await asked);
        }

        connections.ForEach(connection => connection.Dispose());
        foreach (var stream in streams)
        {
            await stream.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            stream.Dispose();
        }

        var replica = gateway.Router.Table.Routes[0].Replicas[0];
        Assert.Equal(1, replica.Failures);
        Assert.False(replica.Breaker.IsOpen);
    }

    [Fact]
    public async Task A_drained_deployment_says_that_it_was_taken_out_of_use()
    {
        using var engine = new FakeEngine();
        await using var gateway = await GatewayInProcess.StartAsync([
            GatewayInProcess.Deploy("m", engine.Url) with
            {
                Replicas = [new ReplicaAddress(engine.Url, null, 1) { Drained = true }],
            },
        ]);

        using var refused = await gateway.AskAsync(Ask);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains(
            "deployment_stopped",
            await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_deployment_that_is_starting_holds_requests_and_then_says_how_long_it_will_take()
    {
        using var engine = new FakeEngine();
        await using var gateway = await GatewayInProcess.StartAsync([
            GatewayInProcess.Deploy("m", engine.Url) with
            {
                Limits = new DeploymentLimits { StartWait = TimeSpan.FromMilliseconds(100) },
            },
        ]);
        var now = TimeProvider.System.GetTimestamp();
        gateway
            .Router.Table.Routes[0]
            .Replicas[0]
            .Report(new(ReplicaCondition.Starting, "loading", TimeSpan.FromSeconds(40), TakesRequests: false, now));

        using var refused = await gateway.AskAsync(Ask);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 30, 40);
        Assert.Contains(
            "deployment_starting",
            await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    private static async Task<HttpResponseMessage> AskAsync(GatewayInProcess gateway, FakeEngine engine, int status)
    {
        var asked = gateway.AskAsync(Ask);
        await RefuseAsync(engine, status);
        return await asked;
    }

    private static async Task RefuseAsync(FakeEngine engine, int status)
    {
        const string Body = """{"error":{"message":"no","type":"x","param":null,"code":null}}""";
        using var connection = await engine.AcceptAsync();
        await connection.ReadRequestAsync();
        await connection.SendAsync(
            $"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nConnection: close\r\n"
                + $"Content-Length: {Body.Length}\r\n\r\n{Body}"
        );
    }
}
