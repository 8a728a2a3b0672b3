using Microsoft.Data.Sqlite;
using Penstock.Metering;
using SQLitePCL;

namespace Penstock.Storage.Sqlite;

/// <summary>
/// Writes batches of rows, and adds what is new in each to the sums, each in one transaction. Its statements are parsed
/// once and live as long as the connection.
/// </summary>
internal sealed class UsageInsertion(SqliteConnection connection) : IDisposable
{
    private readonly RowStatement _begin = new(connection, LedgerSql.Begin);
    private readonly RowStatement _insert = new(connection, LedgerSql.InsertRequest);
    private readonly RowStatement _addToHour = new(connection, LedgerSql.AddToHour);
    private readonly RowStatement _addSpending = new(connection, LedgerSql.AddSpending);
    private readonly RowStatement _commit = new(connection, LedgerSql.Commit);
    private readonly RowStatement _rollBack = new(connection, LedgerSql.RollBack);

    /// <summary>All of them or none.</summary>
    public void Write(ReadOnlySpan<UsageRecord> rows)
    {
        _begin.Run();
        try
        {
            var sums = new BatchSums();
            foreach (ref readonly var row in rows)
            {
                if (Bind(row).Run() == 1)
                {
                    sums.Add(row);
                }
            }

            Add(sums);
            _commit.Run();
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    public void Dispose()
    {
        _begin.Dispose();
        _insert.Dispose();
        _addToHour.Dispose();
        _addSpending.Dispose();
        _commit.Dispose();
        _rollBack.Dispose();
    }

    private void Add(BatchSums sums)
    {
        foreach (var (hour, tally) in sums.Hours)
        {
            _addToHour
                .Add(hour.Hour)
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

        foreach (var (workspace, cost) in sums.Spent)
        {
            _addSpending.Add(workspace).Add(cost).Run();
        }
    }

    private void RollBack()
    {
        // A full disk and its like have rolled back already.
        if (raw.sqlite3_get_autocommit(connection.Handle) == 0)
        {
            _rollBack.Run();
        }
    }

    /// <summary>In the order of <see cref="LedgerSql.InsertRequest"/>.</summary>
    private RowStatement Bind(in UsageRecord row) =>
        _insert
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
