namespace Penstock.Storage.Postgres;

/// <summary>Statements in words of PostgreSQL alone.</summary>
internal static class PostgresSql
{
    /// <summary>Held to the end of a transaction by the gateway that migrates; the number is "Penstock" in ASCII.</summary>
    public const string LockSchema = "SELECT pg_advisory_xact_lock(5793157937835762539)";

    public const string CreateMigrationTable = """
        CREATE TABLE IF NOT EXISTS schema_migrations (
          version    integer PRIMARY KEY,
          name       text NOT NULL,
          checksum   text NOT NULL,
          applied_at bigint NOT NULL
        )
        """;

    public const string HasMigrationTable = "SELECT to_regclass('schema_migrations') IS NOT NULL";

    public const string InsertCheck =
        "INSERT INTO secret_check (one, sealed) VALUES (1, @sealed) ON CONFLICT DO NOTHING";

    public const string SelectCheck = "SELECT sealed FROM secret_check";

    public const string UpdateCheck = "UPDATE secret_check SET sealed = @sealed";

    /// <summary>Sessions of gateways, and of whatever else goes by our name, beside this one.</summary>
    public const string CountOthers = """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'penstock' AND pid <> pg_backend_pid()
        """;

    /// <summary>
    /// One statement, so one round trip and one transaction: only what was really added is summed. Each part takes its
    /// rows in the order of their keys, so that two gateways that write at once wait for each other and never cross.
    /// </summary>
    public const string Append = """
        WITH added AS (
          INSERT INTO requests
          SELECT * FROM unnest(
            @request_id, @ended_at, @workspace_id, @key_id, @model, @deployment_id, @replica, @backend, @ending, @failed,
            @status, @attempts, @prompt_tokens, @completion_tokens, @cached_tokens, @reasoning_tokens, @estimated,
            @queued, @first_byte, @duration, @prompt_price, @cached_price, @completion_price, @cost
          ) AS given (request_id)
          ORDER BY given.request_id
          ON CONFLICT DO NOTHING
          RETURNING *
        ), summed AS (
          INSERT INTO hourly_sums AS kept
          SELECT ended_at / 3600000, workspace_id, key_id, coalesce(model, ''), count(*), count(*) FILTER (WHERE failed),
                 coalesce(sum(prompt_tokens), 0), coalesce(sum(completion_tokens), 0), coalesce(sum(cached_tokens), 0),
                 coalesce(sum(reasoning_tokens), 0), sum(cost)
          FROM added GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
          ON CONFLICT (hour, workspace_id, key_id, model) DO UPDATE SET
            requests = kept.requests + excluded.requests,
            errors = kept.errors + excluded.errors,
            prompt_tokens = kept.prompt_tokens + excluded.prompt_tokens,
            completion_tokens = kept.completion_tokens + excluded.completion_tokens,
            cached_tokens = kept.cached_tokens + excluded.cached_tokens,
            reasoning_tokens = kept.reasoning_tokens + excluded.reasoning_tokens,
            cost = kept.cost + excluded.cost
        )
        INSERT INTO spending AS kept
        SELECT workspace_id, sum(cost) FROM added WHERE cost > 0 GROUP BY 1 ORDER BY 1
        ON CONFLICT (workspace_id) DO UPDATE SET cost = kept.cost + excluded.cost
        """;

    /// <summary>By the time in the id. Rows that another gateway is deleting are left to it.</summary>
    public const string PruneRequests = """
        DELETE FROM requests WHERE request_id IN (
          SELECT request_id FROM requests WHERE request_id < @before
          ORDER BY request_id LIMIT @most FOR UPDATE SKIP LOCKED)
        """;

    public const string PruneSums = """
        DELETE FROM hourly_sums WHERE (hour, workspace_id, key_id, model) IN (
          SELECT hour, workspace_id, key_id, model FROM hourly_sums WHERE hour < @before
          ORDER BY hour LIMIT @most FOR UPDATE SKIP LOCKED)
        """;
}
