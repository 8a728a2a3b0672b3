namespace Penstock.Routing;

/// <summary>The right to one request on one replica: a lease, given back once.</summary>
internal readonly struct ReplicaSlot(AdmissionQueue queue, Replica replica)
{
    public Replica Replica { get; } = replica;

    public void Release(TimeProvider time) => queue.Leave(Replica, time);
}
