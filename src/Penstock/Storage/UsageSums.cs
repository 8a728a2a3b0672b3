using System.Buffers.Binary;
using System.Data.Common;
using Penstock.Metering;

namespace Penstock.Storage;

/// <summary>The ledger's questions and how their rows are read.</summary>
/// <param name="idOf">A UUID in the database's own form.</param>
internal sealed class UsageSums(Func<DbDataReader, int, Guid> idOf)
{
    public static string Sql(UsageGrouping by) =>
        by switch
        {
            UsageGrouping.Model => UsageSql.SumByModel,
            UsageGrouping.Key => UsageSql.SumByKey,
            UsageGrouping.Day => UsageSql.SumByDay,
            UsageGrouping.Workspace => UsageSql.SumByWorkspace,
            _ => throw new ArgumentOutOfRangeException(nameof(by), by, "No such grouping."),
        };

    public async Task<IReadOnlyList<UsageSum>> ReadAsync(
        DbCommand question,
        UsageGrouping by,
        CancellationToken cancellationToken
    )
    {
        await using var reader = await question.ExecuteReaderAsync(cancellationToken);
        var sums = new List<UsageSum>();
        while (await reader.ReadAsync(cancellationToken))
        {
            sums.Add(Sum(reader, by));
        }

        return sums;
    }

    public async Task<IReadOnlyDictionary<Guid, long>> SpentAsync(
        DbConnection connection,
        CancellationToken cancellationToken
    )
    {
        var rows = await connection.RowsAsync(
            UsageSql.SelectSpending,
            row => KeyValuePair.Create(idOf(row, 0), row.GetInt64(1)),
            cancellationToken
        );
        return rows.ToDictionary();
    }

    public static long HourOf(DateTimeOffset moment) => moment.ToUnixTimeSeconds() / 3_600;

    /// <summary>The least id that a request of this moment can have: its first six bytes are the milliseconds.</summary>
    public static Guid FirstIdOf(DateTimeOffset moment)
    {
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(id, moment.ToUnixTimeMilliseconds() << 16);
        return new Guid(id, bigEndian: true);
    }

    private UsageSum Sum(DbDataReader row, UsageGrouping by)
    {
        var at = by == UsageGrouping.Key ? 2 : 1;
        return new UsageSum
        {
            Model = by == UsageGrouping.Model && row.GetString(0) is { Length: > 0 } model ? model : null,
            KeyId = by == UsageGrouping.Key ? idOf(row, 0) : null,
            WorkspaceId = by is UsageGrouping.Key or UsageGrouping.Workspace ? idOf(row, at - 1) : null,
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
}
