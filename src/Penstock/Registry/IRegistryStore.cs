namespace Penstock.Registry;

/// <summary>
/// Where the registry is kept. What <see cref="CommitAsync"/> acknowledged survives the death of the process;
/// what it did not acknowledge is there whole or not at all.
/// </summary>
internal interface IRegistryStore
{
    /// <summary>Brings the store to the form this program knows, and reads everything.</summary>
    Task<RegistryState> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Writes a change set in one transaction. Called by one writer at a time.</summary>
    Task CommitAsync(ChangeSet changes, CancellationToken cancellationToken);

    /// <summary>The audit, newest first.</summary>
    /// <param name="before">Only entries below this sequence number; null: from the newest on.</param>
    Task<IReadOnlyList<AuditEntry>> ReadAuditAsync(long? before, int limit, CancellationToken cancellationToken);
}
