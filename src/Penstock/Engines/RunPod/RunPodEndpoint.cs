using System.Runtime.InteropServices;

namespace Penstock.Engines.RunPod;

/// <summary>
/// An endpoint at RunPod: what an operator has in place of a URL. Written <c>runpod:ID</c>, or
/// <c>runpod:ID:load_balancer</c>.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RunPodEndpoint(string Id, RunPodMode Mode)
{
    public const string QueueWord = "queue";
    public const string LoadBalancerWord = "load_balancer";
    private const string Mark = "runpod:";

    public string ModeWord => Mode == RunPodMode.Queue ? QueueWord : LoadBalancerWord;

    /// <returns>Null for what is no endpoint of RunPod.</returns>
    public static RunPodEndpoint? Find(string address)
    {
        if (!address.StartsWith(Mark, StringComparison.Ordinal))
        {
            return null;
        }

        var parts = address[Mark.Length..].Split(':');
        return parts switch
        {
            [var id] => new RunPodEndpoint(id, RunPodMode.Queue),
            [var id, LoadBalancerWord] => new RunPodEndpoint(id, RunPodMode.LoadBalancer),
            _ => null,
        };
    }

    public override string ToString() => Mode == RunPodMode.Queue ? $"{Mark}{Id}" : $"{Mark}{Id}:{LoadBalancerWord}";
}
