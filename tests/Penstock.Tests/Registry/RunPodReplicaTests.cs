using Microsoft.Extensions.Logging.Abstractions;
using Penstock.Engines.RunPod;
using Penstock.Registry;
using Penstock.Routing;

namespace Penstock.Tests.Registry;

/// <summary>A replica that is an endpoint at RunPod: an id in place of a URL.</summary>
public sealed class RunPodReplicaTests
{
    [Theory]
    [InlineData("runpod: abc123", "runpod:abc123", "https://api.runpod.ai/v2/abc123", nameof(RunPodMode.Queue))]
    [InlineData(
        "runpod: abc123, mode: load_balancer",
        "runpod:abc123:load_balancer",
        "https://abc123.api.runpod.ai/",
        nameof(RunPodMode.LoadBalancer)
    )]
    public async Task It_is_kept_exported_and_reached_by_its_id(string replica, string kept, string url, string mode)
    {
        using var registry = await TestRegistry.OpenAsync();
        registry.Variables["RUNPOD_KEY"] = "rp-secret";
        await registry.MustApplyAsync(File($"{{ {replica}, api_key_env: RUNPOD_KEY }}"));

        Assert.Equal(kept, Assert.Single(registry.State.Deployments.Values.Single().Replicas).Url);
        var address = Assert.Single(Route(registry).Replicas);
        Assert.Equal((url, "rp-secret"), (address.Url.AbsoluteUri, address.ApiKey));
        Assert.Equal(mode, address.Host!.Mode.ToString());

        using var copy = await TestRegistry.OpenAsync();
        copy.Variables["RUNPOD_KEY"] = "rp-secret";
        await copy.MustApplyAsync(RegistryFileWriter.Write(registry.State));
        Assert.Equal(registry.State.Deployments.Values.Single(), copy.State.Deployments.Values.Single());
    }

    [Fact]
    public async Task Its_waits_are_minutes_unless_somebody_says_otherwise()
    {
        using var registry = await TestRegistry.OpenAsync();
        await registry.MustApplyAsync(File("{ runpod: abc }"));
        Assert.Equal(TimeSpan.FromMinutes(10), Route(registry).Timeouts.FirstByte);

        await registry.MustApplyAsync(File("{ runpod: abc }", "    timeouts: { first_byte: 7s }\n"));
        Assert.Equal(TimeSpan.FromSeconds(7), Route(registry).Timeouts.FirstByte);
        Assert.Equal(TimeSpan.FromMinutes(2), Route(registry).Timeouts.Idle);
    }

    [Theory]
    [InlineData("{ runpod: abc, url: http://a }", "deployments[0].replicas[0].url", "not both")]
    [InlineData("{ weight: 1 }", "deployments[0].replicas[0]", "for an endpoint of RunPod")]
    [InlineData("{ url: http://a, mode: queue }", "deployments[0].replicas[0].mode", "belongs to runpod")]
    [InlineData("{ runpod: abc, mode: both }", "deployments[0].replicas[0].mode", "queue, load_balancer")]
    [InlineData("{ runpod: a/b }", "deployments[0].replicas[0].runpod", "must be the id of an endpoint")]
    [InlineData("{ runpod: a }, { runpod: a }", "deployments[0].replicas[1].runpod", "is there twice")]
    [InlineData(
        "{ url: https://api.runpod.ai/v2/abc/openai }",
        "deployments[0].replicas[0].url",
        "give its id as runpod"
    )]
    public async Task A_mistake_is_told_where_it_stands(string replicas, string path, string words)
    {
        using var registry = await TestRegistry.OpenAsync();
        var outcome = await registry.ApplyAsync(File(replicas));

        var mistake = Assert.Single(outcome.Mistakes);
        Assert.Equal(path, mistake.Place.Path);
        Assert.Contains(words, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_backend_says_where_it_runs()
    {
        using var registry = await TestRegistry.OpenAsync();
        var outcome = await registry.ApplyAsync(
            File("{ runpod: abc }").Replace("runpod-vllm", "vllm", StringComparison.Ordinal)
        );

        Assert.Contains("must be runpod-vllm", Assert.Single(outcome.Mistakes).Message, StringComparison.Ordinal);
    }

    private static Deployment Route(TestRegistry registry) =>
        new RoutableDeployments(registry.Credentials, new RunPodOptions(), NullLogger<RoutableDeployments>.Instance)
            .Of(registry.State)
            .Single();

    private static string File(string replicas, string more = "") =>
        $"""
            deployments:
              - id: 0c6ef3b4-7d6e-4f0e-9a53-3f4a3f8b7f10
                workspace: "*"
                model: m
                backend: runpod-vllm
                replicas: [{replicas}]

            """ + more;
}
