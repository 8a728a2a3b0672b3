using Penstock.Registry;

namespace Penstock.Storage.Postgres;

/// <summary>Seals a shared database anew, which no gateway may use meanwhile: it would go on with the old key.</summary>
internal static class PostgresReseal
{
    public static async Task RunAsync(
        PostgresDatabase database,
        Resealing resealing,
        CancellationToken cancellationToken
    )
    {
        var others = await database.LookAsync(
            connection => connection.RowsAsync(PostgresSql.CountOthers, row => row.GetInt64(0), cancellationToken),
            cancellationToken
        );
        if (others.Single() > 0)
        {
            throw new StoreException(
                $"Something of Penstock is connected to the database {database.Name} (sessions: {others.Single()}). "
                    + "Stop all gateways, then try again."
            );
        }

        await database.UseAsync(
            async connection =>
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await resealing.RunAsync(connection, cancellationToken);
                foreach (
                    var box in await connection.RowsAsync(
                        PostgresSql.SelectCheck,
                        row => row.GetFieldValue<byte[]>(0),
                        cancellationToken
                    )
                )
                {
                    if (resealing.Turn(box, PostgresRegistryStore.CheckOwner) is { } turned)
                    {
                        await connection.ExecuteAsync(PostgresSql.UpdateCheck, cancellationToken, ("@sealed", turned));
                    }
                }

                await transaction.CommitAsync(cancellationToken);
                return true;
            },
            cancellationToken
        );
    }
}
