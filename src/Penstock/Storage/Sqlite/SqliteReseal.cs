using Microsoft.Data.Sqlite;
using Penstock.Registry;

namespace Penstock.Storage.Sqlite;

/// <summary>Seals an embedded database anew, whose folder the caller holds.</summary>
internal static class SqliteReseal
{
    public static async Task RunAsync(
        string path,
        Resealing resealing,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (!File.Exists(path))
        {
            throw new StoreException($"There is no database {path}: name its folder with --data.");
        }

        await using var connection = await new SqliteDatabase(path, time).OpenMigratedAsync(cancellationToken);
        try
        {
            await using var transaction = connection.BeginTransaction(deferred: false);
            await resealing.RunAsync(connection, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (SqliteException error)
        {
            throw SqliteDatabase.Explained(path, error);
        }
    }
}
