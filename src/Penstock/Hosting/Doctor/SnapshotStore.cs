using Penstock.Registry;

namespace Penstock.Hosting.Doctor;

/// <summary>What a look into the real store showed. Changes to it are tried out in memory and forgotten.</summary>
internal sealed class SnapshotStore : IRegistryStore
{
    /// <summary>What it showed.</summary>
    public RegistryState State { get; set; } = RegistryState.Empty;

    public bool IsShared => false;

    public Task<StoredRegistry> LoadAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new StoredRegistry(State, 0));

    public Task<bool> CommitAsync(ChangeSet changes, long revision, CancellationToken cancellationToken) =>
        Task.FromResult(true);

    public Task<long> ReadRevisionAsync(CancellationToken cancellationToken) => Task.FromResult(0L);

    public Task<IReadOnlyList<AuditEntry>> ReadAuditAsync(
        long? before,
        int limit,
        CancellationToken cancellationToken
    ) => Task.FromResult<IReadOnlyList<AuditEntry>>([]);
}
