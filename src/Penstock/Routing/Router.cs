namespace Penstock.Routing;

/// <summary>Holds the route table in force; a replica that stays keeps its state when the table is swapped.</summary>
internal sealed class Router
{
    private readonly Lock _gate = new();
    private volatile RouteTable _table = RouteTable.Empty;
    private Dictionary<(Guid Deployment, ReplicaAddress Address, string Backend), Replica> _replicas = [];

    public RouteTable Table => _table;

    /// <summary>Replicas that the registry no longer has.</summary>
    public event Action<Replica>? Retired;

    /// <summary>Puts the registry's deployments in force with the next request.</summary>
    public void Use(IReadOnlyList<Deployment> deployments)
    {
        lock (_gate)
        {
            var kept = new Dictionary<(Guid, ReplicaAddress, string), Replica>();
            var routes = deployments.Select(deployment => Build(deployment, kept)).ToArray();
            var gone = _replicas.Where(replica => !kept.ContainsKey(replica.Key)).Select(replica => replica.Value);
            _table = new RouteTable(routes);
            foreach (var replica in gone.ToArray())
            {
                Retired?.Invoke(replica);
            }

            _replicas = kept;
        }
    }

    private ModelRoute Build(Deployment deployment, Dictionary<(Guid, ReplicaAddress, string), Replica> kept)
    {
        var engine = Engines.EngineCatalog.Find(deployment.Backend);
        var replicas = new List<Replica>(deployment.Replicas.Count);
        foreach (var address in deployment.Replicas)
        {
            var key = (deployment.Id, address, deployment.Backend);
            if (!_replicas.TryGetValue(key, out var replica))
            {
                replica = new Replica(address, address.Host?.Over(engine) ?? engine);
            }

            kept[key] = replica;
            replicas.Add(replica);
        }
        return new ModelRoute(deployment, replicas);
    }
}
