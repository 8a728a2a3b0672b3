namespace Penstock.Routing.Policies;

/// <summary>How a deployment chooses among its replicas.</summary>
internal enum RoutingPolicy
{
    /// <summary>Requests that begin alike go to the replica that has their beginning in its cache.</summary>
    Prefix,

    /// <summary>The less loaded of two.</summary>
    Balanced,

    /// <summary>All requests of a session go to one replica.</summary>
    Session,

    /// <summary>By weight, whatever the load.</summary>
    Weighted,

    /// <summary>One after the other.</summary>
    RoundRobin,
}
