using Penstock.Registry;

namespace Penstock.Hosting.Doctor;

/// <summary>What a look into the real store showed. Changes to it are tried out in memory and forgotten.</summary>
internal sealed class SnapshotStore(RegistryState state) : IRegistryStore
{
    public Task<RegistryState> LoadAsync(CancellationToken cancellationToken) => Task.FromResult(state);

    public Task CommitAsync(ChangeSet changes, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<AuditEntry>> ReadAuditAsync(
        long? before,
        int limit,
        CancellationToken cancellationToken
    ) => Task.FromResult<IReadOnlyList<AuditEntry>>([]);
}
