using Penstock.Probing;

namespace Penstock.Storage.Postgres;

/// <summary>Capability cards that several gateways share: what one has probed, the next start of another knows.</summary>
internal sealed class PostgresCardStore(PostgresDatabase database) : ICardStore
{
    public Task<IReadOnlyList<StoredCard>> LoadAsync(CancellationToken cancellationToken) =>
        database.UseAsync(connection => CardTable.LoadAsync(connection, cancellationToken), cancellationToken);

    public Task SaveAsync(StoredCard card, CancellationToken cancellationToken) =>
        database.UseAsync(connection => CardTable.SaveAsync(connection, card, cancellationToken), cancellationToken);

    public Task DropAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        database.UseAsync(connection => CardTable.DropAsync(connection, before, cancellationToken), cancellationToken);
}
