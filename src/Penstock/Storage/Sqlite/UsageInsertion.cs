using Microsoft.Data.Sqlite;
using Penstock.Metering;

namespace Penstock.Storage.Sqlite;

/// <summary>
/// Writes one batch of rows and adds what is new in it to the sums, in one transaction.
/// </summary>
internal sealed class UsageInsertion : IDisposable
{
    private const long MillisecondsPerHour = 3_600_000;

    private readonly SqliteConnection _connection;
    private readonly SqliteTransaction _transaction;
    private readonly Dictionary<(long Hour, Guid Workspace, Guid Key, string Model), UsageTally> _hours = [];
    private readonly Dictionary<Guid, long> _spent = [];

    public UsageInsertion(SqliteConnection connection)
    {
        _connection = connection;
        _transaction = connection.BeginTransaction(deferred: false);
    }

    public void Write(ReadOnlySpan<UsageRecord> rows)
    {
        using var insert = new RowStatement(_connection, LedgerSql.InsertRequest);
        foreach (ref readonly var row in rows)
        {
            if (Bind(insert, row).Run() == 1)
            {
                Sum(row);
            }
        }

        AddHours();
        AddSpending();
        _transaction.Commit();
    }

    public void Dispose() => _transaction.Dispose();

    private void Sum(in UsageRecord row)
    {
        var hour = (row.EndedAt / MillisecondsPerHour, row.WorkspaceId, row.KeyId, row.Model ?? "");
        if (!_hours.TryGetValue(hour, out var tally))
        {
            _hours[hour] = tally = new UsageTally();
        }

        tally.Add(row);
        if (row.Cost > 0)
        {
            _spent[row.WorkspaceId] = _spent.GetValueOrDefault(row.WorkspaceId) + row.Cost;
        }
    }

    private void AddHours()
    {
        using var add = new RowStatement(_connection, LedgerSql.AddToHour);
        foreach (var (hour, tally) in _hours)
        {
            add.Add(hour.Hour)
                .Add(hour.Workspace)
                .Add(hour.Key)
                .Add(hour.Model)
                .Add(tally.Requests)
                .Add(tally.Errors)
                .Add(tally.Prompt)
                .Add(tally.Completion)
                .Add(tally.Cached)
                .Add(tally.Reasoning)
                .Add(tally.Cost)
                .Run();
        }
    }

    private void AddSpending()
    {
        using var add = new RowStatement(_connection, LedgerSql.AddSpending);
        foreach (var (workspace, cost) in _spent)
        {
            add.Add(workspace).Add(cost).Run();
        }
    }

    /// <summary>In the order of <see cref="LedgerSql.InsertRequest"/>.</summary>
    private static RowStatement Bind(RowStatement insert, in UsageRecord row) =>
        insert
            .Add(row.RequestId)
            .Add(row.EndedAt)
            .Add(row.WorkspaceId)
            .Add(row.KeyId)
            .Add(row.Model)
            .Add(row.DeploymentId)
            .Add(row.Replica)
            .Add(row.Backend)
            .Add(row.Ending)
            .Add(row.Failed)
            .Add(row.Status)
            .Add(row.Attempts)
            .Add(row.Tokens?.Prompt)
            .Add(row.Tokens?.Completion)
            .Add(row.Tokens?.Cached)
            .Add(row.Tokens?.Reasoning)
            .Add(row.Estimated)
            .Add(row.Queued)
            .Add(row.FirstByte)
            .Add(row.Duration)
            .Add(row.Price?.Prompt)
            .Add(row.Price?.Cached)
            .Add(row.Price?.Completion)
            .Add(row.Cost);
}
