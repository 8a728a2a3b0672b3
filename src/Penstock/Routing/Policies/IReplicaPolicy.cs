namespace Penstock.Routing.Policies;

/// <summary>Chooses a replica. One at a time per deployment: the line's lock is held, so a choice is quick.</summary>
internal interface IReplicaPolicy
{
    /// <param name="candidates">Two or more; the policy may put them in another order.</param>
    /// <returns>The index of the chosen one.</returns>
    int Choose(Span<Candidate> candidates, in Claim claim);
}
