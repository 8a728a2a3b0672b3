using Penstock.Probing;

namespace Penstock.Storage.Sqlite;

/// <summary>
/// Capability cards in the database of the registry, which is migrated before this is used. Calls are rare and block
/// their thread while the disk works: whoever calls is not on a socket's event loop.
/// </summary>
internal sealed class SqliteCardStore(SqliteDatabase database) : ICardStore
{
    public async Task<IReadOnlyList<StoredCard>> LoadAsync(CancellationToken cancellationToken)
    {
        await using var connection = database.Open();
        return await CardTable.LoadAsync(connection, cancellationToken);
    }

    public async Task SaveAsync(StoredCard card, CancellationToken cancellationToken)
    {
        await using var connection = database.Open();
        await CardTable.SaveAsync(connection, card, cancellationToken);
    }

    public async Task DropAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var connection = database.Open();
        await CardTable.DropAsync(connection, before, cancellationToken);
    }
}
