using System.Data.Common;
using Penstock.Probing;

namespace Penstock.Storage;

/// <summary>Capability cards on an open connection, in the words that all our databases understand.</summary>
internal static class CardTable
{
    private const string Select = "SELECT url, model, engine_version, probed_at, card FROM capability_cards";

    private const string Upsert = """
        INSERT INTO capability_cards (url, model, engine_version, probed_at, card)
        VALUES (@url, @model, @engine_version, @probed_at, @card)
        ON CONFLICT (url, model) DO UPDATE SET
          engine_version = excluded.engine_version,
          probed_at = excluded.probed_at,
          card = excluded.card
        """;

    private const string DeleteOld = "DELETE FROM capability_cards WHERE probed_at < @before";

    public static async Task<IReadOnlyList<StoredCard>> LoadAsync(
        DbConnection connection,
        CancellationToken cancellationToken
    ) => await connection.RowsAsync(Select, Card, cancellationToken);

    public static Task<int> SaveAsync(DbConnection connection, StoredCard card, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(
            Upsert,
            cancellationToken,
            ("@url", card.Url),
            ("@model", card.Model),
            ("@engine_version", card.EngineVersion),
            ("@probed_at", card.ProbedAt),
            ("@card", card.Json)
        );

    public static Task<int> DropAsync(
        DbConnection connection,
        DateTimeOffset before,
        CancellationToken cancellationToken
    ) => connection.ExecuteAsync(DeleteOld, cancellationToken, ("@before", before));

    private static StoredCard Card(DbDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.TextOrNull(2), row.Moment(3), row.GetString(4));
}
