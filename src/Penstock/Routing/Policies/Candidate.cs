using System.Runtime.InteropServices;

namespace Penstock.Routing.Policies;

/// <summary>A replica that may take the request, as a policy sees it.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct Candidate
{
    public Replica Replica;

    /// <summary>Its share of the traffic: the operator's weight, less while it warms up.</summary>
    public double Weight;

    /// <summary>Requests on it, whoever sent them; an engine that does not tell is taken for as busy as the others.</summary>
    public double Load;

    /// <summary>What the policy thought of it, higher is better; for the explanation.</summary>
    public double Score;

    /// <summary>Its preference for the beginning that all have in common.</summary>
    public double Home;

    public readonly double RelativeLoad => Load / Weight;
}
