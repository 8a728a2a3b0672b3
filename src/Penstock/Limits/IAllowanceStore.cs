using Penstock.Keys;

namespace Penstock.Limits;

/// <summary>
/// Where it is kept what keys and workspaces have used: in this process, or in one place that all nodes share. What has
/// been granted and is not settled counts as used, so that requests at the same time cannot overshoot together.
/// </summary>
internal interface IAllowanceStore
{
    /// <summary>Asks for what a request may come to, of its key and of its workspace: both, or nothing.</summary>
    ValueTask<AllowanceVerdict> ReserveAsync(KeyGrant grant, Outlay claim, CancellationToken cancellationToken);

    /// <summary>The request has ended: what it used takes the place of what was reserved. A second call changes nothing.</summary>
    void Settle(Reservation reservation, Outlay used);

    /// <summary>What a request used that had nothing to reserve: limits may be set in the middle of a month.</summary>
    void Use(KeyGrant grant, Outlay used);

    /// <summary>
    /// What the ledger says that keys and workspaces have used. It may be told at any time and by any number of nodes: what
    /// is known already is not added again.
    /// </summary>
    ValueTask RestoreAsync(IReadOnlyDictionary<Guid, UsedSoFar> ledger, CancellationToken cancellationToken);
}
