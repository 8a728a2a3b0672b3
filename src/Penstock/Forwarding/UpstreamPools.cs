using System.Runtime.CompilerServices;
using Penstock.Primitives;
using Penstock.Routing;
using Penstock.Transport;

namespace Penstock.Forwarding;

/// <summary>The pool of each replica, for as long as the replica is in the registry.</summary>
internal sealed class UpstreamPools(ForwardingOptions options, Wires wires, Heartbeat heartbeat, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly ConditionalWeakTable<Replica, UpstreamPool> _pools = [];

    public UpstreamPool Of(Replica replica) => _pools.TryGetValue(replica, out var pool) ? pool : Create(replica);

    /// <summary>A replica has left the registry: its idle connections go, calls under way end in peace.</summary>
    public void Retire(Replica replica)
    {
        lock (_gate)
        {
            if (!_pools.TryGetValue(replica, out var pool))
            {
                return;
            }

            heartbeat.Remove(pool);
            pool.Retire();
            _pools.Remove(replica);
        }
    }

    private UpstreamPool Create(Replica replica)
    {
        lock (_gate)
        {
            if (_pools.TryGetValue(replica, out var pool))
            {
                return pool;
            }

            pool = new UpstreamPool(replica, options, wires, heartbeat, time);
            _pools.Add(replica, pool);
            heartbeat.Add(pool);
            return pool;
        }
    }
}
