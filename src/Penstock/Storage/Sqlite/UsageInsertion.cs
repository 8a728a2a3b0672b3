using Microsoft.Data.Sqlite;
using Penstock.Metering;

namespace Penstock.Storage.Sqlite;

/// <summary>
/// Writes one batch of rows and adds what is new in it to the sums. Statements are prepared once and bound again for
/// each row: a batch of thousands is one transaction of some tens of milliseconds.
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
        using var insert = Command(LedgerSql.InsertRequest);
        foreach (ref readonly var row in rows)
        {
            Bind(insert, row);
            if (insert.ExecuteNonQuery() == 1)
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
        using var add = Command(LedgerSql.AddToHour);
        foreach (var (hour, tally) in _hours)
        {
            Set(add, "$hour", hour.Hour);
            Set(add, "$workspace_id", Bytes(hour.Workspace));
            Set(add, "$key_id", Bytes(hour.Key));
            Set(add, "$model", hour.Model);
            Set(add, "$requests", tally.Requests);
            Set(add, "$errors", tally.Errors);
            Set(add, "$prompt_tokens", tally.Prompt);
            Set(add, "$completion_tokens", tally.Completion);
            Set(add, "$cached_tokens", tally.Cached);
            Set(add, "$reasoning_tokens", tally.Reasoning);
            Set(add, "$cost", tally.Cost);
            add.ExecuteNonQuery();
        }
    }

    private void AddSpending()
    {
        using var add = Command(LedgerSql.AddSpending);
        foreach (var (workspace, cost) in _spent)
        {
            Set(add, "$workspace_id", Bytes(workspace));
            Set(add, "$cost", cost);
            add.ExecuteNonQuery();
        }
    }

    private static void Bind(SqliteCommand insert, in UsageRecord row)
    {
        Set(insert, "$request_id", Bytes(row.RequestId));
        Set(insert, "$ended_at", row.EndedAt);
        Set(insert, "$workspace_id", Bytes(row.WorkspaceId));
        Set(insert, "$key_id", Bytes(row.KeyId));
        Set(insert, "$model", row.Model);
        Set(insert, "$deployment_id", row.DeploymentId is { } id ? Bytes(id) : null);
        Set(insert, "$replica", row.Replica);
        Set(insert, "$backend", row.Backend);
        Set(insert, "$ending", row.Ending);
        Set(insert, "$failed", row.Failed ? 1L : 0L);
        Set(insert, "$status", (long)row.Status);
        Set(insert, "$attempts", (long)row.Attempts);
        Set(insert, "$prompt_tokens", row.Tokens?.Prompt);
        Set(insert, "$completion_tokens", row.Tokens?.Completion);
        Set(insert, "$cached_tokens", row.Tokens?.Cached);
        Set(insert, "$reasoning_tokens", row.Tokens?.Reasoning);
        Set(insert, "$estimated", row.Estimated ? 1L : 0L);
        Set(insert, "$queued", row.Queued);
        Set(insert, "$first_byte", row.FirstByte);
        Set(insert, "$duration", row.Duration);
        Set(insert, "$prompt_price", row.Price?.Prompt);
        Set(insert, "$cached_price", row.Price?.Cached);
        Set(insert, "$completion_price", row.Price?.Completion);
        Set(insert, "$cost", row.Cost);
    }

    private SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
        command.Transaction = _transaction;
        command.CommandText = sql;
        return command;
    }

    private static void Set(SqliteCommand command, string name, object? value)
    {
        var at = command.Parameters.IndexOf(name);
        var parameter =
            at >= 0 ? command.Parameters[at] : command.Parameters.Add(new SqliteParameter { ParameterName = name });
        parameter.Value = value ?? DBNull.Value;
    }

    private static byte[] Bytes(Guid id) => id.ToByteArray(bigEndian: true);
}
