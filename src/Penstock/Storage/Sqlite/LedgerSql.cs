namespace Penstock.Storage.Sqlite;

/// <summary>Every statement of the SQLite ledger.</summary>
internal static class LedgerSql
{
    /// <summary>The right to write from the beginning: one that comes with the first row could be refused then.</summary>
    public const string Begin = "BEGIN IMMEDIATE";

    public const string Commit = "COMMIT";

    public const string RollBack = "ROLLBACK";

    public const string InsertRequest = """
        INSERT INTO requests (request_id, ended_at, workspace_id, key_id, model, deployment_id, replica, backend, ending,
                              failed, status, attempts, prompt_tokens, completion_tokens, cached_tokens,
                              reasoning_tokens, estimated, queued, first_byte, duration, prompt_price, cached_price,
                              completion_price, cost)
        VALUES ($request_id, $ended_at, $workspace_id, $key_id, $model, $deployment_id, $replica, $backend, $ending,
                $failed, $status, $attempts, $prompt_tokens, $completion_tokens, $cached_tokens,
                $reasoning_tokens, $estimated, $queued, $first_byte, $duration, $prompt_price, $cached_price,
                $completion_price, $cost)
        ON CONFLICT DO NOTHING
        """;

    public const string AddToHour = """
        INSERT INTO hourly_sums (hour, workspace_id, key_id, model, requests, errors, prompt_tokens, completion_tokens,
                                 cached_tokens, reasoning_tokens, cost)
        VALUES ($hour, $workspace_id, $key_id, $model, $requests, $errors, $prompt_tokens, $completion_tokens,
                $cached_tokens, $reasoning_tokens, $cost)
        ON CONFLICT DO UPDATE SET
          requests = requests + excluded.requests,
          errors = errors + excluded.errors,
          prompt_tokens = prompt_tokens + excluded.prompt_tokens,
          completion_tokens = completion_tokens + excluded.completion_tokens,
          cached_tokens = cached_tokens + excluded.cached_tokens,
          reasoning_tokens = reasoning_tokens + excluded.reasoning_tokens,
          cost = cost + excluded.cost
        """;

    public const string AddSpending = """
        INSERT INTO spending (workspace_id, cost) VALUES ($workspace_id, $cost)
        ON CONFLICT DO UPDATE SET cost = cost + excluded.cost
        """;

    /// <summary>By the time in the id: rows of one moment are beside each other.</summary>
    public const string PruneRequests = """
        DELETE FROM requests WHERE request_id IN (
          SELECT request_id FROM requests WHERE request_id < $before ORDER BY request_id LIMIT $most)
        """;

    public const string PruneSums = """
        DELETE FROM hourly_sums WHERE (hour, workspace_id, key_id, model) IN (
          SELECT hour, workspace_id, key_id, model FROM hourly_sums WHERE hour < $before ORDER BY hour LIMIT $most)
        """;
}
