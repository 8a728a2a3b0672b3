using Npgsql;
using NpgsqlTypes;
using Penstock.Metering;

namespace Penstock.Storage.Postgres;

/// <summary>The ledger that several gateways write to, each its own requests.</summary>
internal sealed class PostgresUsageStore(PostgresDatabase database) : IUsageStore
{
    private static readonly UsageSums Sums = new((row, at) => row.GetGuid(at));

    public Task OpenAsync(CancellationToken cancellationToken) =>
        database.UseAsync(static _ => Task.FromResult(true), cancellationToken);

    public Task AppendAsync(ReadOnlyMemory<UsageRecord> rows, CancellationToken cancellationToken) =>
        database.UseAsync(
            async connection =>
            {
                await using var append = new NpgsqlCommand(PostgresSql.Append, connection);
                UsageArrays.Bind(append, rows);
                return await append.ExecuteNonQueryAsync(cancellationToken);
            },
            cancellationToken
        );

    public Task<IReadOnlyList<UsageSum>> SumAsync(UsageQuestion question, CancellationToken cancellationToken) =>
        database.UseAsync(
            async connection =>
            {
                await using var command = new NpgsqlCommand(UsageSums.Sql(question.By), connection);
                command.Parameters.AddWithValue("from", UsageSums.HourOf(question.From));
                command.Parameters.Add(
                    new NpgsqlParameter("workspace_id", NpgsqlDbType.Uuid)
                    {
                        Value = (object?)question.WorkspaceId ?? DBNull.Value,
                    }
                );
                return await Sums.ReadAsync(command, question.By, cancellationToken);
            },
            cancellationToken
        );

    public Task<IReadOnlyDictionary<Guid, long>> SpentAsync(CancellationToken cancellationToken) =>
        database.UseAsync(connection => Sums.SpentAsync(connection, cancellationToken), cancellationToken);

    public Task<int> PruneAsync(
        DateTimeOffset rowsBefore,
        DateTimeOffset sumsBefore,
        int most,
        CancellationToken cancellationToken
    ) =>
        database.UseAsync(
            async connection =>
            {
                var rows = await DeleteAsync(PostgresSql.PruneRequests, UsageSums.FirstIdOf(rowsBefore));
                var sums = await DeleteAsync(PostgresSql.PruneSums, UsageSums.HourOf(sumsBefore));
                return Math.Max(rows, sums);

                async Task<int> DeleteAsync(string sql, object before)
                {
                    await using var command = new NpgsqlCommand(sql, connection);
                    command.Parameters.AddWithValue("before", before);
                    command.Parameters.AddWithValue("most", most);
                    return await command.ExecuteNonQueryAsync(cancellationToken);
                }
            },
            cancellationToken
        );
}
