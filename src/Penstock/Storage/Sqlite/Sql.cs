namespace Penstock.Storage.Sqlite;

/// <summary>Every statement of the SQLite store.</summary>
internal static class Sql
{
    public const string ConfigureConnection = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA busy_timeout = 5000;
        """;

    public const string CreateMigrationTable = """
        CREATE TABLE IF NOT EXISTS schema_migrations (
          version    INTEGER PRIMARY KEY,
          name       TEXT NOT NULL,
          checksum   TEXT NOT NULL,
          applied_at INTEGER NOT NULL
        ) STRICT
        """;

    public const string CountTables = "SELECT count(*) FROM sqlite_schema WHERE type = 'table'";

    public const string CountMigrationTables =
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'";

    /// <summary>Twenty faults say as much as a thousand.</summary>
    public const string QuickCheck = "PRAGMA quick_check(20)";

    public const string SelectLastChange = "SELECT max(at) FROM audit";

    public const string SelectMigrations = "SELECT version, checksum FROM schema_migrations";

    public const string InsertMigration = """
        INSERT INTO schema_migrations (version, name, checksum, applied_at)
        VALUES ($version, $name, $checksum, $applied_at)
        """;

    /// <summary>References are checked at the commit: records may come in any order.</summary>
    public const string DeferReferences = "PRAGMA defer_foreign_keys = ON";

    public const string SelectPlans = """
        SELECT name, requests_per_minute, max_requests_per_minute, burst, keys, priority FROM plans
        """;

    public const string DeletePlan = "DELETE FROM plans WHERE name = $id";

    public const string InsertPlan = """
        INSERT INTO plans (name, requests_per_minute, max_requests_per_minute, burst, keys, priority)
        VALUES ($name, $requests_per_minute, $max_requests_per_minute, $burst, $keys, $priority)
        """;

    public const string SelectWorkspaces = "SELECT id, name, plan, created_at FROM workspaces";

    public const string DeleteWorkspace = "DELETE FROM workspaces WHERE id = $id";

    public const string InsertWorkspace = """
        INSERT INTO workspaces (id, name, plan, created_at) VALUES ($id, $name, $plan, $created_at)
        """;

    public const string SelectKeys = """
        SELECT id, workspace_id, name, hash, hint, requests_per_minute, burst, models, permissions,
               expires_at, revoked_at, superseded_at, rotated_from, created_at
        FROM api_keys
        """;

    public const string DeleteKey = "DELETE FROM api_keys WHERE id = $id";

    public const string InsertKey = """
        INSERT INTO api_keys (id, workspace_id, name, hash, hint, requests_per_minute, burst, models, permissions,
                              expires_at, revoked_at, superseded_at, rotated_from, created_at)
        VALUES ($id, $workspace_id, $name, $hash, $hint, $requests_per_minute, $burst, $models, $permissions,
                $expires_at, $revoked_at, $superseded_at, $rotated_from, $created_at)
        """;

    public const string SelectDeployments = """
        SELECT id, workspace_id, model, upstream_model, backend, settings, created_at FROM deployments
        """;

    public const string DeleteDeployment = "DELETE FROM deployments WHERE id = $id";

    public const string InsertDeployment = """
        INSERT INTO deployments (id, workspace_id, model, upstream_model, backend, settings, created_at)
        VALUES ($id, $workspace_id, $model, $upstream_model, $backend, $settings, $created_at)
        """;

    public const string SelectReplicas = """
        SELECT deployment_id, url, sealed_api_key, api_key_env, api_key_file, weight, drained
        FROM replicas ORDER BY deployment_id, position
        """;

    public const string InsertReplica = """
        INSERT INTO replicas (deployment_id, position, url, sealed_api_key, api_key_env, api_key_file, weight, drained)
        VALUES ($deployment_id, $position, $url, $sealed_api_key, $api_key_env, $api_key_file, $weight, $drained)
        """;

    public const string InsertAudit = """
        INSERT INTO audit (at, actor, action, kind, id, "before", "after")
        VALUES ($at, $actor, $action, $kind, $id, $before, $after)
        """;

    public const string SelectAudit = """
        SELECT sequence, at, actor, action, kind, id, "before", "after"
        FROM audit WHERE sequence < $before ORDER BY sequence DESC LIMIT $limit
        """;

    public const string SelectCards = "SELECT url, model, engine_version, probed_at, card FROM capability_cards";

    public const string UpsertCard = """
        INSERT OR REPLACE INTO capability_cards (url, model, engine_version, probed_at, card)
        VALUES ($url, $model, $engine_version, $probed_at, $card)
        """;

    public const string DeleteOldCards = "DELETE FROM capability_cards WHERE probed_at < $before";
}
