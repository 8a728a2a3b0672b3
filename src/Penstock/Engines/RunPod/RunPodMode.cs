namespace Penstock.Engines.RunPod;

/// <summary>The two kinds of endpoints that RunPod has.</summary>
internal enum RunPodMode
{
    /// <summary>A request is a job in a queue; workers come and go.</summary>
    Queue,

    /// <summary>A request goes straight to a worker, over plain HTTP.</summary>
    LoadBalancer,
}
