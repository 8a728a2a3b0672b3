namespace Penstock.Registry;

/// <summary>
/// Where the registry is kept. What <see cref="CommitAsync"/> acknowledged survives the death of the process;
/// what it did not acknowledge is there whole or not at all.
/// </summary>
internal interface IRegistryStore
{
    /// <summary>Whether other gateways may write to it, too.</summary>
    bool IsShared { get; }

    /// <summary>Brings the store to the form this program knows, and reads everything as of one moment.</summary>
    Task<StoredRegistry> LoadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Writes a change set in one transaction, if the store is still at the revision that the change was made on; the
    /// next revision is one more. Called by one writer at a time.
    /// </summary>
    /// <returns>False: somebody else has written since then, and nothing of this was.</returns>
    Task<bool> CommitAsync(ChangeSet changes, long revision, CancellationToken cancellationToken);

    /// <summary>At which revision the store is now: one cheap question.</summary>
    Task<long> ReadRevisionAsync(CancellationToken cancellationToken);

    /// <summary>The audit, newest first.</summary>
    /// <param name="before">Only entries below this sequence number; null: from the newest on.</param>
    Task<IReadOnlyList<AuditEntry>> ReadAuditAsync(long? before, int limit, CancellationToken cancellationToken);
}
