using k8s;
using k8s.Models;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Deployment;

/// <summary>The Helm chart, judged by Helm itself and by Kubernetes' own types, read strictly.</summary>
public sealed class ChartTests
{
    /// <summary>What a process may still do after its grace: its last words.</summary>
    private const int LastWordsSeconds = 2;

    private static readonly string Chart = Path.Combine(Built.Repository, "deploy", "helm", "penstock");

    private static readonly string Fleet = Path.Combine(
        Built.Repository,
        "tests",
        "Penstock.EndToEndTests",
        "Deployment",
        "fleet-values.yaml"
    );

    [Fact]
    public async Task Helm_finds_nothing_to_complain_about()
    {
        (await Helm.RunAsync("lint", "--strict", Chart)).Expect(0);
        (await Helm.RunAsync("lint", "--strict", Chart, "--values", Fleet)).Expect(0);
    }

    [Fact]
    public async Task By_default_one_gateway_keeps_its_data()
    {
        var objects = await RenderAsync();

        var deployment = objects.OfType<V1Deployment>().Single();
        Assert.Equal(1, deployment.Spec.Replicas);
        Assert.Equal("Recreate", deployment.Spec.Strategy.Type);
        Assert.Single(objects.OfType<V1PersistentVolumeClaim>());
        Assert.Empty(objects.OfType<V2HorizontalPodAutoscaler>());
    }

    [Fact]
    public async Task A_fleet_is_scaled_by_its_running_requests_and_disturbed_one_by_one()
    {
        var objects = await RenderAsync("--values", Fleet);

        var scaler = objects.OfType<V2HorizontalPodAutoscaler>().Single();
        Assert.Equal("penstock_requests_in_flight", scaler.Spec.Metrics.Single().Pods.Metric.Name);
        Assert.Equal("1", objects.OfType<V1PodDisruptionBudget>().Single().Spec.MaxUnavailable);
        Assert.Equal(
            objects.OfType<V1Service>().Single().Spec.Selector,
            objects.OfType<V1Deployment>().Single().Spec.Selector.MatchLabels
        );
        Assert.Single(objects.OfType<Dictionary<object, object>>(), it => (string)it["kind"] == "ServiceMonitor");
    }

    [Fact]
    public async Task A_pod_may_write_to_its_data_folder_alone_and_is_nobody()
    {
        var pod = (await RenderAsync("--values", Fleet)).OfType<V1Deployment>().Single().Spec.Template.Spec;
        var container = pod.Containers.Single();

        Assert.True(pod.SecurityContext.RunAsNonRoot);
        Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
        Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
        Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
        Assert.False(pod.AutomountServiceAccountToken);
        Assert.Equal("/data", container.VolumeMounts.Single(mount => mount.ReadOnlyProperty is not true).MountPath);
    }

    [Fact]
    public async Task Kubernetes_waits_longer_than_a_stop_can_take()
    {
        var pod = (await RenderAsync("--set", "shutdownGraceSeconds=90"))
            .OfType<V1Deployment>()
            .Single()
            .Spec.Template.Spec;
        var container = pod.Containers.Single();

        Assert.Contains("Inference:ShutdownGraceSeconds=90", container.Args);
        Assert.True(
            pod.TerminationGracePeriodSeconds > container.Lifecycle.PreStop.Sleep.Seconds + 90 + LastWordsSeconds
        );
    }

    [Theory]
    [InlineData("replicas=2", "secrets.database.name")]
    [InlineData("persistence.enabled=false", "embedded database")]
    [InlineData("replicaCount=2", "replicaCount")]
    [InlineData("image.pullPolicy=Sometimes", "pullPolicy")]
    public async Task Values_that_cannot_work_are_refused_in_words(string values, string said)
    {
        var result = await Helm.RunAsync("template", "penstock", Chart, "--set", values);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(said, result.Errors, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<object>> RenderAsync(params string[] more)
    {
        var rendered = (await Helm.RunAsync(["template", "penstock", Chart, .. more])).Expect(0).Output;
        // The only kind that is not Kubernetes' own.
        var types = new Dictionary<string, Type>(StringComparer.Ordinal)
        {
            ["monitoring.coreos.com/v1/ServiceMonitor"] = typeof(Dictionary<object, object>),
        };
        return KubernetesYaml.LoadAllFromString(rendered, types, strict: true);
    }
}
