using System.ComponentModel.DataAnnotations;
using Penstock.Engines.RunPod;

namespace Penstock.Registry;

/// <summary>Settings of the host RunPod (section <c>RunPod</c>).</summary>
internal sealed class RunPodOptions
{
    private const string Endpoint = "{endpoint}";

    /// <summary>A queue endpoint's base URL, with the mark <c>{endpoint}</c> for its id. RunPod documents this one.</summary>
    [RegularExpression(@"https?://\S+")]
    public string QueueUrl { get; set; } = "https://api.runpod.ai/v2/{endpoint}";

    /// <summary>The same for a load-balancing endpoint.</summary>
    [RegularExpression(@"https?://\S+")]
    public string LoadBalancerUrl { get; set; } = "https://{endpoint}.api.runpod.ai";

    /// <summary>
    /// Seconds that a job is taken to run on after its caller has gone. Whether RunPod cancels it then is not documented:
    /// the cautious guess is that it does not, and a usual answer is done within a minute.
    /// </summary>
    [Range(0, 3600)]
    public double AbortLagSeconds { get; set; } = 60;

    public Uri UrlOf(RunPodEndpoint endpoint) =>
        new(
            (endpoint.Mode == RunPodMode.Queue ? QueueUrl : LoadBalancerUrl)
                .Replace(Endpoint, endpoint.Id, StringComparison.Ordinal)
                .TrimEnd('/')
        );

    public RunPodHost HostOf(RunPodEndpoint endpoint) => new(endpoint.Mode, TimeSpan.FromSeconds(AbortLagSeconds));
}
