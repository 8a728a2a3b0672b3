namespace Penstock.Routing;

/// <summary>The right to one request on one replica: a lease, given back once.</summary>
internal sealed class ReplicaSlot(AdmissionQueue queue, Replica replica, bool isProbe)
{
    private int _released;

    public Replica Replica { get; } = replica;

    /// <summary>The one request by which an open breaker finds out whether the replica is well again.</summary>
    public bool IsProbe { get; } = isProbe;

    /// <param name="brokenOff">The call ended before the engine did: it may be slow to notice.</param>
    public void Release(bool brokenOff)
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            queue.Leave(this, brokenOff);
        }
    }
}
