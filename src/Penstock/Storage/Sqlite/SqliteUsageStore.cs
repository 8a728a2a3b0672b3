using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using Penstock.Metering;

namespace Penstock.Storage.Sqlite;

/// <summary>
/// The ledger in a SQLite file of its own: its many small commits and its size are kept away from the registry's.
/// Writing goes through one connection; questions open another and see the last commit, whatever is being written.
/// </summary>
internal sealed class SqliteUsageStore(SqliteDatabase database) : IUsageStore, IDisposable
{
    private SqliteConnection? _writer;

    private SqliteConnection Writer =>
        _writer ?? throw new InvalidOperationException("The ledger has not been opened yet.");

    public Task OpenAsync(CancellationToken cancellationToken)
    {
        var connection = database.Open();
        try
        {
            database.Migrate(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }

        _writer = connection;
        return Task.CompletedTask;
    }

    public Task AppendAsync(ReadOnlyMemory<UsageRecord> rows, CancellationToken cancellationToken)
    {
        using var insertion = new UsageInsertion(Writer);
        insertion.Write(rows.Span);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<UsageSum>> SumAsync(UsageQuestion question, CancellationToken cancellationToken)
    {
        using var connection = database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = question.By switch
        {
            UsageGrouping.Model => LedgerSql.SumByModel,
            UsageGrouping.Key => LedgerSql.SumByKey,
            UsageGrouping.Day => LedgerSql.SumByDay,
            UsageGrouping.Workspace => LedgerSql.SumByWorkspace,
            _ => throw new ArgumentOutOfRangeException(nameof(question), question.By, "No such grouping."),
        };
        command.Parameters.AddWithValue("$from", HourOf(question.From));
        command.Parameters.AddWithValue(
            "$workspace_id",
            question.WorkspaceId is { } id ? id.ToByteArray(bigEndian: true) : DBNull.Value
        );
        using var reader = command.ExecuteReader();
        var sums = new List<UsageSum>();
        while (reader.Read())
        {
            sums.Add(Read(reader, question.By));
        }

        return Task.FromResult<IReadOnlyList<UsageSum>>(sums);
    }

    public Task<IReadOnlyDictionary<Guid, long>> SpentAsync(CancellationToken cancellationToken)
    {
        using var connection = database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = LedgerSql.SelectSpending;
        using var reader = command.ExecuteReader();
        var spent = new Dictionary<Guid, long>();
        while (reader.Read())
        {
            spent.Add(IdOf(reader, 0), reader.GetInt64(1));
        }

        return Task.FromResult<IReadOnlyDictionary<Guid, long>>(spent);
    }

    public Task<int> PruneAsync(
        DateTimeOffset rowsBefore,
        DateTimeOffset sumsBefore,
        int most,
        CancellationToken cancellationToken
    )
    {
        var rows = Delete(LedgerSql.PruneRequests, FirstIdOf(rowsBefore), most);
        var sums = Delete(LedgerSql.PruneSums, HourOf(sumsBefore), most);
        return Task.FromResult(Math.Max(rows, sums));
    }

    public void Dispose() => _writer?.Dispose();

    private int Delete(string sql, object before, int most)
    {
        using var command = Writer.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$before", before);
        command.Parameters.AddWithValue("$most", most);
        return command.ExecuteNonQuery();
    }

    private static UsageSum Read(SqliteDataReader row, UsageGrouping by)
    {
        var at = by == UsageGrouping.Key ? 2 : 1;
        return new UsageSum
        {
            Model = by == UsageGrouping.Model && row.GetString(0) is { Length: > 0 } model ? model : null,
            KeyId = by == UsageGrouping.Key ? IdOf(row, 0) : null,
            WorkspaceId = by is UsageGrouping.Key or UsageGrouping.Workspace ? IdOf(row, at - 1) : null,
            Day = by == UsageGrouping.Day ? DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(row.GetInt64(0))) : null,
            Requests = row.GetInt64(at),
            Errors = row.GetInt64(at + 1),
            PromptTokens = row.GetInt64(at + 2),
            CompletionTokens = row.GetInt64(at + 3),
            CachedTokens = row.GetInt64(at + 4),
            ReasoningTokens = row.GetInt64(at + 5),
            Cost = row.GetInt64(at + 6),
        };
    }

    private static Guid IdOf(SqliteDataReader row, int column) =>
        new(row.GetFieldValue<byte[]>(column), bigEndian: true);

    private static long HourOf(DateTimeOffset moment) => moment.ToUnixTimeSeconds() / 3_600;

    /// <summary>The least id that a request of this moment can have: its first six bytes are the milliseconds.</summary>
    private static byte[] FirstIdOf(DateTimeOffset moment)
    {
        Span<byte> milliseconds = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(milliseconds, moment.ToUnixTimeMilliseconds());
        return [.. milliseconds[2..], .. new byte[10]];
    }
}
