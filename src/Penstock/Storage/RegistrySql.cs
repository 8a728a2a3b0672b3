namespace Penstock.Storage;

/// <summary>Every statement of the registry, in the words that all our databases understand.</summary>
internal static class RegistrySql
{
    public const string SelectRevision = "SELECT revision FROM registry_revision";

    /// <summary>Changes no row when the store is at another revision than the change was made on.</summary>
    public const string NextRevision =
        "UPDATE registry_revision SET revision = revision + 1 WHERE revision = @revision";

    /// <summary>For a change that is made without having read the registry.</summary>
    public const string RaiseRevision = "UPDATE registry_revision SET revision = revision + 1";

    public const string SelectLastChange = "SELECT max(at) FROM audit";

    public const string SelectPlans = """
        SELECT name, requests_per_minute, max_requests_per_minute, burst, keys, priority, limits FROM plans
        """;

    public const string DeletePlan = "DELETE FROM plans WHERE name = @id";

    public const string InsertPlan = """
        INSERT INTO plans (name, requests_per_minute, max_requests_per_minute, burst, keys, priority, limits)
        VALUES (@name, @requests_per_minute, @max_requests_per_minute, @burst, @keys, @priority, @limits)
        """;

    public const string SelectWorkspaces = "SELECT id, name, plan, created_at, limits, credited FROM workspaces";

    public const string DeleteWorkspace = "DELETE FROM workspaces WHERE id = @id";

    public const string InsertWorkspace = """
        INSERT INTO workspaces (id, name, plan, created_at, limits, credited)
        VALUES (@id, @name, @plan, @created_at, @limits, @credited)
        """;

    public const string SelectKeys = """
        SELECT id, workspace_id, name, hash, hint, requests_per_minute, burst, models, permissions,
               expires_at, revoked_at, superseded_at, rotated_from, created_at, limits
        FROM api_keys
        """;

    public const string DeleteKey = "DELETE FROM api_keys WHERE id = @id";

    public const string InsertKey = """
        INSERT INTO api_keys (id, workspace_id, name, hash, hint, requests_per_minute, burst, models, permissions,
                              expires_at, revoked_at, superseded_at, rotated_from, created_at, limits)
        VALUES (@id, @workspace_id, @name, @hash, @hint, @requests_per_minute, @burst, @models, @permissions,
                @expires_at, @revoked_at, @superseded_at, @rotated_from, @created_at, @limits)
        """;

    public const string SelectDeployments = """
        SELECT id, workspace_id, model, upstream_model, backend, settings, created_at FROM deployments
        """;

    public const string DeleteDeployment = "DELETE FROM deployments WHERE id = @id";

    public const string InsertDeployment = """
        INSERT INTO deployments (id, workspace_id, model, upstream_model, backend, settings, created_at)
        VALUES (@id, @workspace_id, @model, @upstream_model, @backend, @settings, @created_at)
        """;

    public const string SelectReplicas = """
        SELECT deployment_id, url, sealed_api_key, api_key_env, api_key_file, weight, drained
        FROM replicas ORDER BY deployment_id, position
        """;

    public const string InsertReplica = """
        INSERT INTO replicas (deployment_id, position, url, sealed_api_key, api_key_env, api_key_file, weight, drained)
        VALUES (@deployment_id, @position, @url, @sealed_api_key, @api_key_env, @api_key_file, @weight, @drained)
        """;

    public const string SelectSealed =
        "SELECT deployment_id, position, sealed_api_key FROM replicas WHERE sealed_api_key IS NOT NULL";

    public const string UpdateSealed = """
        UPDATE replicas SET sealed_api_key = @sealed WHERE deployment_id = @deployment_id AND position = @position
        """;

    public const string InsertAudit = """
        INSERT INTO audit (at, actor, action, kind, id, "before", "after")
        VALUES (@at, @actor, @action, @kind, @id, @before, @after)
        """;

    public const string SelectAudit = """
        SELECT sequence, at, actor, action, kind, id, "before", "after"
        FROM audit WHERE sequence < @before ORDER BY sequence DESC LIMIT @limit
        """;
}
