using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Penstock.Routing;
using Penstock.Simulator;

namespace Penstock.Tests.Inference;

/// <summary>
/// The caller leaves, at every stage of a request: the engine's own count of running generations goes to zero, and
/// every slot and place comes back.
/// </summary>
public sealed class LeavingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Before_the_head(bool stream)
    {
        await using var engine = Engine();
        engine.SetFaults("ttft=60m late-head");
        await using var gateway = await GatewayInProcess.StartAsync([Deploy(engine.Url)]);
        await LeaveAsync(gateway, stream, () => engine.Counters.Running == 1);
        await NothingIsLeftAsync(gateway, engine);
        await Until(() => engine.Counters.Aborted == 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Between_the_head_and_the_first_byte(bool stream)
    {
        await using var engine = Engine();
        engine.SetFaults("ttft=60m");
        await using var gateway = await GatewayInProcess.StartAsync([Deploy(engine.Url)]);
        await LeaveAsync(gateway, stream, () => engine.Counters.Running == 1);
        await NothingIsLeftAsync(gateway, engine);
        await Until(() => engine.Counters.AbortedBeforeFirst == 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task In_the_middle_of_the_answer(bool stream)
    {
        await using var engine = Engine();
        engine.SetFaults("tokens=500 itl=1m");
        await using var gateway = await GatewayInProcess.StartAsync([Deploy(engine.Url)]);
        await LeaveAsync(gateway, stream, () => engine.Counters.GeneratedTokens > 0);
        await NothingIsLeftAsync(gateway, engine);
        await Until(() => engine.Counters.Aborted == 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task In_the_queue(bool stream)
    {
        await using var engine = Engine();
        engine.SetFaults("ttft=60m");
        await using var gateway = await GatewayInProcess.StartAsync([
            Deploy(engine.Url) with
            {
                Limits = new DeploymentLimits { MaxConcurrency = 1, Queue = 8 },
            },
        ]);
        using var served = new CancellationTokenSource();
        var first = AskAsync(gateway, stream, served.Token);
        await Until(() => engine.Counters.Running == 1);
        await LeaveAsync(gateway, stream, () => gateway.Router.Table.Routes[0].Admission.Waiting == 1);
        await Until(() => gateway.Router.Table.Routes[0].Admission.Waiting == 0);
        Assert.Equal(1, engine.Counters.Running);
        await served.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await NothingIsLeftAsync(gateway, engine, endings: 2);
        Assert.Equal(1, engine.Counters.Generations);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task While_connecting(bool stream)
    {
        // A listener that accepts nobody: when its line is full, the kernel answers no further connection.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        var line = Enumerable.Range(0, 4).Select(_ => new Socket(SocketType.Stream, ProtocolType.Tcp)).ToList();
        line.ForEach(socket => _ = socket.ConnectAsync(listener.LocalEndPoint!, Cancel).AsTask());
        await Until(() => line.Count(socket => socket.Connected) >= 2);
        await using var gateway = await GatewayInProcess.StartAsync([
            Deploy(new Uri($"http://{listener.LocalEndPoint}")) with
            {
                Timeouts = new DeploymentTimeouts { Connect = TimeSpan.FromHours(1) },
            },
        ]);
        await LeaveAsync(gateway, stream, () => gateway.CallsUnderWay.Any());
        await NothingIsLeftAsync(gateway, null);
        line.ForEach(socket => socket.Dispose());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task In_the_pause_before_another_try(bool stream)
    {
        await using var engine = Engine();
        engine.SetFaults("status=503 retry-after=5");
        await using var gateway = await GatewayInProcess.StartAsync([Deploy(engine.Url)]);
        await LeaveAsync(gateway, stream, () => engine.Counters.Refused == 1 && !gateway.CallsUnderWay.Any());
        await NothingIsLeftAsync(gateway, engine);
        Assert.Equal(1, engine.Counters.Refused);
    }

    [Theory]
    [InlineData("ttft=60m")]
    [InlineData("ttft=60m late-head")]
    [InlineData("silent")]
    public async Task While_another_engine_is_to_go_on(string fault)
    {
        await using var first = Engine();
        await using var second = Engine();
        await using var gateway = await GatewayInProcess.StartAsync([Deploy(first.Url, second.Url)]);
        // Whichever comes first cuts its stream; whichever is to go on keeps silent.
        first.SetFaults("cut=5");
        second.SetFaults("cut=5");
        await LeaveAsync(
            gateway,
            stream: true,
            () =>
            {
                var (cut, other) = first.Counters.Faulted == 1 ? (first, second) : (second, first);
                return cut.Counters.Faulted == 1 && other.Counters.Running == 1;
            },
            meanwhile: () =>
            {
                if (first.Counters.Generations + second.Counters.Generations == 1)
                {
                    (first.Counters.Generations == 1 ? second : first).SetFaults(fault);
                }
            },
            slowly: "itl=50ms"
        );
        await NothingIsLeftAsync(gateway, first);
        await Until(() => second.Counters.Running == 0);
    }

    [Fact]
    public async Task An_engine_that_is_slow_to_notice_keeps_its_slot_for_so_long()
    {
        var time = new FakeTimeProvider();
        // SGLang looks for its client every few seconds; this one never does, so that only the gateway's clock counts.
        await using var engine = SimulatorServer.Start(
            new SimulatorOptions
            {
                Models = ["org/m"],
                Dialect = "sglang",
                AbortLag = Timeout.InfiniteTimeSpan,
            }
        );
        engine.SetFaults("ttft=60m");
        await using var gateway = await GatewayInProcess.StartAsync(
            [
                Deploy(engine.Url) with
                {
                    Backend = "sglang",
                    Limits = new DeploymentLimits { MaxConcurrency = 1, Queue = 8 },
                },
            ],
            time
        );
        var route = gateway.Router.Table.Routes[0];
        await LeaveAsync(gateway, stream: true, () => engine.Counters.Running == 1);
        await Until(() => route.Replicas[0].Lagging == 1);
        using var hangUp = new CancellationTokenSource();
        var next = AskAsync(gateway, stream: true, hangUp.Token);
        await Until(() => route.Admission.Waiting == 1);
        Assert.Equal((1L, 1), (engine.Counters.Generations, route.Replicas[0].InFlight));

        time.Advance(route.Replicas[0].Engine.AbortLag);
        await Until(() => engine.Counters.Generations == 2);
        Assert.Equal((0, 1), (route.Replicas[0].Lagging, route.Replicas[0].InFlight));
        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    private static SimulatorServer Engine() => SimulatorServer.Start(new SimulatorOptions { Models = ["org/m"] });

    private static Deployment Deploy(params Uri[] engines) =>
        GatewayInProcess.Deploy("m", engines) with
        {
            Timeouts = new DeploymentTimeouts { FirstByte = TimeSpan.FromHours(2), Idle = TimeSpan.FromHours(2) },
        };

    private static async Task LeaveAsync(
        GatewayInProcess gateway,
        bool stream,
        Func<bool> isThere,
        Action? meanwhile = null,
        string slowly = ""
    )
    {
        using var hangUp = new CancellationTokenSource();
        var asked = AskAsync(gateway, stream, hangUp.Token, slowly);
        while (!isThere())
        {
            meanwhile?.Invoke();
            await Task.Yield();
        }

        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    /// <summary>Reads the whole answer, which none of these tests lets come.</summary>
    private static async Task AskAsync(
        GatewayInProcess gateway,
        bool stream,
        CancellationToken hangUp,
        string directives = ""
    )
    {
        var text = directives.Length > 0 ? $"hi [[sim {directives}]]" : "hi";
        var body =
            $$"""{"model":"m","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"{{text}}"}]}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        using var answer = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, hangUp);
        await answer.Content.ReadAsByteArrayAsync(hangUp);
    }

    private static async Task NothingIsLeftAsync(GatewayInProcess gateway, SimulatorServer? engine, int endings = 1)
    {
        await Until(() => engine is null || engine.Counters.Running == 0);
        await Until(() => gateway.Endings.Count() == endings);
        Assert.All(gateway.Endings, ending => Assert.Equal("client_gone 499", ending));
        Assert.Empty(gateway.CallsUnderWay);
        Assert.All(gateway.Router.Table.Routes[0].Replicas, replica => Assert.Equal(0, replica.InFlight));
        Assert.Equal(0, gateway.Router.Table.Routes[0].Admission.Waiting);
    }

    private static async Task Until(Func<bool> condition)
    {
        while (!condition())
        {
            Cancel.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
