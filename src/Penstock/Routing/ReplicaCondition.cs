namespace Penstock.Routing;

/// <summary>How a replica is, as whoever watches it from outside the traffic has found.</summary>
internal enum ReplicaCondition
{
    /// <summary>Nobody has looked, or what was found says nothing.</summary>
    Unknown,

    Alive,

    /// <summary>It cannot be reached, or says itself that it is not well.</summary>
    Failing,

    /// <summary>It is on its way: loading its model, or waiting for a machine.</summary>
    Starting,
}
