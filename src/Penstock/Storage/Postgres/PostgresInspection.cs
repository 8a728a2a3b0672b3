using System.Data;
using Npgsql;
using Penstock.Registry;

namespace Penstock.Storage.Postgres;

/// <summary>Looks into a shared database that gateways may be using. Only reads.</summary>
/// <param name="secrets">Opens the credentials; null: there is no key yet.</param>
internal sealed class PostgresInspection(PostgresDatabase database, SecretBox? secrets, IReadOnlyList<Migration> known)
{
    public async Task<StoreFindings> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await database.LookAsync(connection => ReadAsync(connection, cancellationToken), cancellationToken);
        }
        catch (Exception error) when (error is StoreException or StoreAwayException)
        {
            return new StoreFindings { Exists = true, Problem = error.Message };
        }
    }

    private async Task<StoreFindings> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(
            IsolationLevel.RepeatableRead,
            cancellationToken
        );
        var there = await connection.RowsAsync(
            PostgresSql.HasMigrationTable,
            row => row.GetBoolean(0),
            cancellationToken
        );
        var missing = there.Single()
            ? await new MigrationHistory(known).MissingAsync(connection, database.Name, cancellationToken)
            : known;
        var findings = new StoreFindings
        {
            Exists = true,
            NewestSchema = known[^1].Number,
            MissingSteps = missing.Count,
            State = there.Single() ? null : RegistryState.Empty,
        };
        return missing.Count > 0
            ? findings
            : await StoreContents.ReadAsync(connection, findings, database.Name, secrets, cancellationToken);
    }
}
