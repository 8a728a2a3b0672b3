namespace Penstock.Routing.Policies;

/// <summary>One after the other, in the order of the registry.</summary>
internal sealed class RoundRobinPolicy : IReplicaPolicy
{
    private uint _turn;

    public int Choose(Span<Candidate> candidates, in Claim claim) => (int)(_turn++ % (uint)candidates.Length);
}
