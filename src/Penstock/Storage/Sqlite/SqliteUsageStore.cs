using Microsoft.Data.Sqlite;
using Penstock.Metering;

namespace Penstock.Storage.Sqlite;

/// <summary>
/// The ledger in a SQLite file of its own: its many small commits and its size are kept away from the registry's.
/// Writing goes through one connection; questions open another and see the last commit, whatever is being written.
/// </summary>
internal sealed class SqliteUsageStore(SqliteDatabase database) : IUsageStore, IDisposable
{
    private static readonly UsageSums Sums = new((row, at) => new(row.GetFieldValue<byte[]>(at), bigEndian: true));

    private SqliteConnection? _writer;
    private UsageInsertion? _insertion;

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        _writer = await database.OpenMigratedAsync(cancellationToken);
        _insertion = new UsageInsertion(_writer);
    }

    public Task AppendAsync(ReadOnlyMemory<UsageRecord> rows, CancellationToken cancellationToken)
    {
        Opened(_insertion).Write(rows.Span);
        return Task.CompletedTask;
    }

    public async Task<IReadOnlyList<UsageSum>> SumAsync(UsageQuestion question, CancellationToken cancellationToken)
    {
        await using var connection = database.Open();
        await using var command = connection.CreateCommand();
        command.CommandText = UsageSums.Sql(question.By);
        command.Bind("@from", UsageSums.HourOf(question.From));
        command.Bind("@workspace_id", question.WorkspaceId?.ToByteArray(bigEndian: true));
        return await Sums.ReadAsync(command, question.By, cancellationToken);
    }

    public async Task<IReadOnlyDictionary<Guid, long>> SpentAsync(CancellationToken cancellationToken)
    {
        await using var connection = database.Open();
        return await Sums.SpentAsync(connection, cancellationToken);
    }

    public Task<int> PruneAsync(
        DateTimeOffset rowsBefore,
        DateTimeOffset sumsBefore,
        int most,
        CancellationToken cancellationToken
    )
    {
        var rows = Delete(LedgerSql.PruneRequests, UsageSums.FirstIdOf(rowsBefore).ToByteArray(bigEndian: true), most);
        var sums = Delete(LedgerSql.PruneSums, UsageSums.HourOf(sumsBefore), most);
        return Task.FromResult(Math.Max(rows, sums));
    }

    public void Dispose()
    {
        _insertion?.Dispose();
        _writer?.Dispose();
    }

    private int Delete(string sql, object before, int most)
    {
        using var command = Opened(_writer).CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$before", before);
        command.Parameters.AddWithValue("$most", most);
        return command.ExecuteNonQuery();
    }

    private static T Opened<T>(T? part)
        where T : class => part ?? throw new InvalidOperationException("The ledger has not been opened yet.");
}
