using System.Text;
using Penstock.Engines;
using Penstock.Engines.RunPod;

namespace Penstock.Tests.Engines.RunPod;

public sealed class RunPodHostTests
{
    private static readonly Engine Queue = new RunPodHost(RunPodMode.Queue, TimeSpan.FromSeconds(60)).Over(
        EngineCatalog.Find("runpod-vllm")
    );

    private static readonly Engine LoadBalancer = new RunPodHost(
        RunPodMode.LoadBalancer,
        TimeSpan.FromSeconds(60)
    ).Over(EngineCatalog.Find("runpod-sglang"));

    [Fact]
    public void A_queue_is_asked_only_for_what_starts_no_worker()
    {
        Assert.Equal("/openai/v1/chat/completions", Queue.ChatPath);
        Assert.Equal("/health", Queue.HealthPath);
        Assert.Equal("/health", Queue.LoadSource!.Path);
        Assert.Null(Queue.VersionPath);
        Assert.True(Queue.AskingCosts);
        Assert.Equal(TimeSpan.FromSeconds(60), Queue.AbortLag);
        Assert.Equal(ColdStart.Holds, Queue.ColdStart);
    }

    [Fact]
    public void A_load_balancing_endpoint_is_the_engine_itself_behind_a_ping()
    {
        Assert.Equal("/v1/chat/completions", LoadBalancer.ChatPath);
        Assert.Equal("/ping", LoadBalancer.HealthPath);
        Assert.Null(LoadBalancer.LoadSource);
        Assert.Equal(EngineCatalog.Find("sglang").AbortLag, LoadBalancer.AbortLag);
        Assert.Equal(EngineHealth.Starting, LoadBalancer.Health(204, []));
        Assert.Equal(EngineHealth.Alive, LoadBalancer.Health(200, []));
        Assert.Equal(EngineHealth.Failing, LoadBalancer.Health(502, []));
    }

    [Theory]
    [InlineData(200, """{"jobs":{},"workers":{"idle":1,"running":0}}""", nameof(EngineHealth.Alive))]
    [InlineData(200, """{"jobs":{},"workers":{"idle":0,"running":2,"throttled":3}}""", nameof(EngineHealth.Alive))]
    [InlineData(200, """{"jobs":{"inQueue":4},"workers":{"ready":1}}""", nameof(EngineHealth.Alive))]
    [InlineData(200, """{"jobs":{},"workers":{"idle":0,"running":0}}""", nameof(EngineHealth.Starting))]
    [InlineData(200, """{"jobs":{},"workers":{"initializing":1}}""", nameof(EngineHealth.Starting))]
    [InlineData(200, """{"jobs":{}}""", nameof(EngineHealth.Starting))]
    [InlineData(200, """{"workers":{"throttled":1,"initializing":0}}""", nameof(EngineHealth.Throttled))]
    [InlineData(200, "[]", nameof(EngineHealth.Failing))]
    [InlineData(200, "<html>", nameof(EngineHealth.Failing))]
    [InlineData(401, "", nameof(EngineHealth.Failing))]
    [InlineData(404, "", nameof(EngineHealth.Failing))]
    [InlineData(429, "", nameof(EngineHealth.Alive))]
    public void The_health_document_tells_workers_from_none(int status, string body, string health) =>
        Assert.Equal(health, Queue.Health(status, Encoding.UTF8.GetBytes(body)).ToString());

    [Theory]
    [InlineData("""{"jobs":{"inProgress":3,"inQueue":5,"completed":99},"workers":{}}""", 3, 5)]
    [InlineData("""{"jobs":{},"workers":{}}""", 0, 0)]
    [InlineData("""{"workers":{}}""", null, null)]
    [InlineData("not JSON", null, null)]
    public void Jobs_are_the_load(string body, int? running, int? waiting) =>
        Assert.Equal(new EngineLoad(running, waiting, null), Queue.LoadSource!.Read(Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData("runpod:abc123", "abc123", "queue")]
    [InlineData("runpod:abc-1:load_balancer", "abc-1", "load_balancer")]
    public void An_endpoint_is_written_as_it_is_read(string address, string id, string mode)
    {
        var endpoint = RunPodEndpoint.Find(address)!.Value;

        Assert.Equal((id, mode, address), (endpoint.Id, endpoint.ModeWord, endpoint.ToString()));
    }

    [Theory]
    [InlineData("http://runpod:8000")]
    [InlineData("runpod:abc:queue:x")]
    [InlineData("runpod:abc:other")]
    public void What_is_no_endpoint_is_none(string address) => Assert.Null(RunPodEndpoint.Find(address));
}
