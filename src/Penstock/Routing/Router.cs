using Penstock.Primitives;

namespace Penstock.Routing;

/// <summary>
/// Holds the route table in force. A replica that stays keeps its state when the table is swapped, and so does a
/// deployment's line.
/// </summary>
internal sealed class Router(TimeProvider time, Chance chance) : IDisposable
{
    private readonly Lock _gate = new();
    private volatile RouteTable _table = RouteTable.Empty;
    private Dictionary<ReplicaKey, Replica> _replicas = [];
    private Dictionary<Guid, DeploymentState> _states = [];

    public RouteTable Table => _table;

    /// <summary>Replicas that the registry no longer has.</summary>
    public event Action<Replica>? Retired;

    /// <summary>Puts the registry's deployments in force with the next request.</summary>
    public void Use(IReadOnlyList<Deployment> deployments)
    {
        lock (_gate)
        {
            var replicas = new Dictionary<ReplicaKey, Replica>();
            var states = new Dictionary<Guid, DeploymentState>();
            _table = new RouteTable([.. deployments.Select(deployment => Build(deployment, replicas, states))]);
            foreach (var (_, replica) in _replicas.Where(known => !replicas.ContainsKey(known.Key)))
            {
                Retired?.Invoke(replica);
            }

            foreach (var (_, state) in _states.Where(known => !states.ContainsKey(known.Key)))
            {
                state.Retire(new DeploymentLimits());
            }

            (_replicas, _states) = (replicas, states);
        }
    }

    public void Dispose()
    {
        foreach (var state in _states.Values)
        {
            state.Dispose();
        }
    }

    private ModelRoute Build(
        Deployment deployment,
        Dictionary<ReplicaKey, Replica> replicas,
        Dictionary<Guid, DeploymentState> states
    )
    {
        var isNew = !_states.TryGetValue(deployment.Id, out var state);
        state ??= new DeploymentState(time, chance);
        var own = deployment.Replicas.Select(address => Keep(deployment, address, replicas, warmUp: !isNew)).ToArray();
        var route = new ModelRoute(deployment, own, state);
        state.Admission.Use(own, deployment.Limits, deployment.Routing.Policy);
        states[deployment.Id] = state;
        return route;
    }

    private Replica Keep(
        Deployment deployment,
        ReplicaAddress address,
        Dictionary<ReplicaKey, Replica> replicas,
        bool warmUp
    )
    {
        var key = new ReplicaKey(deployment.Id, address.Url, address.ApiKey, address.Host, deployment.Backend);
        if (!_replicas.TryGetValue(key, out var replica))
        {
            var engine = Engines.EngineCatalog.Find(deployment.Backend);
            replica = new Replica(address, address.Host?.Over(engine) ?? engine);
            if (warmUp)
            {
                // Beside others that have their caches full; where all are new there is nothing to be gentle with.
                replica.BeginWarmUp(time.GetTimestamp());
            }
        }

        replica.Use(address);
        replicas[key] = replica;
        return replica;
    }

    /// <summary>What makes it another replica when it changes: weight and drain do not.</summary>
    private sealed record ReplicaKey(Guid Deployment, Uri Url, string? ApiKey, object? Host, string Backend);
}
