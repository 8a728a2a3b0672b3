using Microsoft.Data.Sqlite;
using Penstock.Probing;

namespace Penstock.Storage.Sqlite;

/// <summary>
/// Capability cards in the database of the registry, which is migrated before this is used. Calls are rare and block
/// their thread while the disk works: whoever calls is not on a socket's event loop.
/// </summary>
internal sealed class SqliteCardStore(SqliteDatabase database) : ICardStore
{
    public Task<IReadOnlyList<StoredCard>> LoadAsync(CancellationToken cancellationToken)
    {
        using var connection = database.Open();
        return Task.FromResult(Read(connection));
    }

    public static IReadOnlyList<StoredCard> Read(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Sql.SelectCards;
        using var reader = command.ExecuteReader();
        var cards = new List<StoredCard>();
        while (reader.Read())
        {
            cards.Add(
                new StoredCard(
                    reader.GetString(0),
                    reader.GetString(1),
                    reader.TextOrNull(2),
                    reader.Moment(3),
                    reader.GetString(4)
                )
            );
        }

        return cards;
    }

    public Task SaveAsync(StoredCard card, CancellationToken cancellationToken)
    {
        using var connection = database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = Sql.UpsertCard;
        command.Bind("$url", card.Url);
        command.Bind("$model", card.Model);
        command.Bind("$engine_version", card.EngineVersion);
        command.Bind("$probed_at", card.ProbedAt);
        command.Bind("$card", card.Json);
        command.ExecuteNonQuery();
        return Task.CompletedTask;
    }

    public Task DropAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        using var connection = database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = Sql.DeleteOldCards;
        command.Bind("$before", before);
        command.ExecuteNonQuery();
        return Task.CompletedTask;
    }
}
