using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Penstock.Simulator;

namespace Penstock.Tests.Simulator;

/// <summary>What a client meets while the model loads.</summary>
public sealed class DialectColdStarts
{
    private static readonly TimeSpan Loading = TimeSpan.FromSeconds(90);

    [Theory]
    [InlineData("vllm")]
    [InlineData("trtllm")]
    [InlineData("tgi")]
    public async Task Nobody_listens(string dialect)
    {
        var time = new FakeTimeProvider();
        await using var simulator = Start(dialect, time);
        await Assert.ThrowsAsync<SocketException>(() => RawConnection.OpenAsync(simulator.Server.Port));
        time.Advance(Loading);
        await SimulatorClient.EventuallyAsync(() => Listens(simulator.Server.Port));
        await simulator.JsonAsync(SimulatorClient.Body());
    }

    [Theory]
    [InlineData(
        "llamacpp",
        "/v1/models",
        """{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"""
    )]
    [InlineData(
        "llamacpp",
        "/health",
        """{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"""
    )]
    [InlineData("sglang", "/health", "")]
    public async Task It_answers_503(string dialect, string path, string body)
    {
        var time = new FakeTimeProvider();
        await using var simulator = Start(dialect, time);
        using var loading = await simulator.Http.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, loading.StatusCode);
        Assert.Equal(body, await loading.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        time.Advance(Loading);
        using var loaded = await simulator.Http.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, loaded.StatusCode);
    }

    [Theory]
    [InlineData("ollama", "/v1/chat/completions")]
    [InlineData("runpod-queue", "/v2/abc/openai/v1/chat/completions")]
    [InlineData("runpod-lb", "/v1/chat/completions")]
    public async Task The_request_waits_without_a_byte(string dialect, string path)
    {
        var time = new FakeTimeProvider();
        await using var simulator = Start(dialect, time);
        var answer = simulator.Http.PostAsync(
            path,
            SimulatorClient.Content(SimulatorClient.Body()),
            TestContext.Current.CancellationToken
        );
        await SimulatorClient.EventuallyAsync(() => simulator.Server.Counters.Waiting == 1);
        Assert.False(answer.IsCompleted);
        time.Advance(Loading);
        using var response = await answer;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task An_endpoint_that_scales_up_says_so()
    {
        var time = new FakeTimeProvider();
        await using var simulator = Start("runpod-queue", time);
        var health = await simulator.Http.GetStringAsync("/v2/abc/health", TestContext.Current.CancellationToken);
        Assert.Contains("\"idle\":0,\"initializing\":1,\"ready\":0", health, StringComparison.Ordinal);
        await using var balanced = Start("runpod-lb", time);
        using var ping = await balanced.Http.GetAsync("/ping", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, ping.StatusCode);
    }

    private static SimulatorClient Start(string dialect, TimeProvider time) =>
        new(
            new SimulatorOptions
            {
                Dialect = dialect,
                Time = time,
                Startup = Loading,
                KeepAlive = TimeSpan.Zero,
            }
        );

    private static bool Listens(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
