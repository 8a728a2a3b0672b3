using Penstock.Keys;
using Penstock.Metering;
using Penstock.Registry;
using Penstock.Storage;

namespace Penstock.Tests.Storage;

/// <summary>
/// A database as the first release of its schema left it, with rows in every table, opens with the newest and has lost
/// none. A store's own test class inherits it and says how the first steps are run and how its values are written.
/// </summary>
public abstract class FirstReleaseContract
{
    private const string WorkspaceId = "00000000-0000-0000-0000-00000000000a";
    private const string KeyId = "00000000-0000-0000-0000-0000000000aa";
    private const string DeploymentId = "00000000-0000-0000-0000-0000000000dd";
    private const string RequestId = "01931f2e-0000-7000-8000-000000000001";

    /// <summary>What the first release wrote; a member that came later is not in it.</summary>
    private const string Settings = """
        {"limits":{"top_logprobs":20,"n":2,"max_concurrency":3,"queue":4,"queue_wait":"00:00:05"},
         "defaults":{"max_tokens":6,"temperature":0.5,"top_p":null},
         "timeouts":{"connect":"00:00:01","first_byte":"00:00:02","idle":"00:00:03","total":"00:00:04"},
         "attempts":5,"fallbacks":["other"]}
        """;

    private protected SecretBox Box { get; } = new(new byte[32]);

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Registry
    {
        get
        {
            var hash = Bytes(ApiKeyHash.Of("secret"u8).ToBytes());
            var credential = Bytes(Box.Seal(new Secret("sk-upstream"), $"deployment {DeploymentId}"));
            return $"""
                INSERT INTO plans (name, requests_per_minute, max_requests_per_minute, burst, keys)
                VALUES ('pro', 500, 1000, 7, TRUE);
                INSERT INTO workspaces (id, name, plan, created_at) VALUES ('{WorkspaceId}', 'acme', 'pro', 1000);
                INSERT INTO api_keys (id, workspace_id, name, hash, hint, requests_per_minute, models, permissions,
                                      expires_at, created_at)
                VALUES ('{KeyId}', '{WorkspaceId}', 'ci', {hash}, 'psk_...1234', 77, '["m"]', '[]', 5000, 2000);
                INSERT INTO deployments (id, workspace_id, model, upstream_model, backend, settings, created_at)
                VALUES ('{DeploymentId}', '{WorkspaceId}', 'm', 'org/m', 'vllm', '{Settings}', 3000);
                INSERT INTO replicas (deployment_id, position, url, sealed_api_key, weight)
                VALUES ('{DeploymentId}', 0, 'http://a:1', {credential}, 9);
                INSERT INTO audit (at, actor, action, kind, id, "after") VALUES (4000, 'x', 'create', 'key', 'k', '1');
                """;
        }
    }

    private string Ledger =>
        $"""
            INSERT INTO requests (request_id, ended_at, workspace_id, key_id, ending, failed, status, attempts,
                                  prompt_tokens, estimated, duration, cost)
            VALUES ({Id(RequestId)}, 7200000, {Id(WorkspaceId)}, {Id(
                KeyId
            )}, 'completed', FALSE, 200, 1, 3, FALSE, 4, 5);
            INSERT INTO hourly_sums VALUES (2, {Id(WorkspaceId)}, {Id(KeyId)}, 'm', 1, 0, 3, 0, 0, 0, 5);
            INSERT INTO spending VALUES ({Id(WorkspaceId)}, 5);
            """;

    /// <summary>Makes the databases with the first steps alone, and puts rows into them.</summary>
    private protected abstract Task MakeAsync(string registry, string ledger);

    private protected abstract string Bytes(byte[] value);

    private protected abstract string Id(string value);

    private protected abstract IRegistryStore OpenRegistry();

    private protected abstract IUsageStore OpenLedger();

    [Fact]
    public async Task Every_record_of_the_registry_is_still_there()
    {
        await MakeAsync(Registry, Ledger);

        var store = OpenRegistry();
        var stored = await store.LoadAsync(Stop);

        var plan = Assert.Single(stored.State.Plans.Values);
        Assert.Equal(
            ("pro", 500, 1_000, 7),
            (plan.Name, plan.RequestsPerMinute, plan.MaxRequestsPerMinute, plan.Burst)
        );
        Assert.True(plan.Keys);
        Assert.Equal("acme", Assert.Single(stored.State.Workspaces.Values).Name);
        var key = Assert.Single(stored.State.Keys.Values);
        Assert.Equal((ApiKeyHash.Of("secret"u8), "ci", 77), (key.Hash, key.Name, key.RequestsPerMinute));
        Assert.Equal(["m"], key.Models);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(5_000), key.ExpiresAt);
        var deployment = Assert.Single(stored.State.Deployments.Values);
        Assert.Equal(
            ("org/m", 5, 3),
            (deployment.UpstreamModel, deployment.Attempts, deployment.Limits.MaxConcurrency)
        );
        Assert.Equal(["other"], deployment.Fallbacks);
        var replica = Assert.Single(deployment.Replicas);
        Assert.Equal(("http://a:1", "sk-upstream", 9), (replica.Url, replica.ApiKey!.Value.Value, replica.Weight));
        Assert.Equal("k", Assert.Single(await store.ReadAuditAsync(null, 10, Stop)).Id);
        Assert.True(await store.CommitAsync(new ChangeSet([], []), stored.Revision, Stop));
    }

    [Fact]
    public async Task Every_row_and_sum_of_the_ledger_is_still_there()
    {
        await MakeAsync(Registry, Ledger);

        var store = OpenLedger();
        await store.OpenAsync(Stop);

        var sum = Assert.Single(
            await store.SumAsync(new UsageQuestion(UsageGrouping.Model, DateTimeOffset.UnixEpoch, null), Stop)
        );
        Assert.Equal(("m", 1, 3, 5), (sum.Model, sum.Requests, sum.PromptTokens, sum.Cost));
        Assert.Equal(5, (await store.SpentAsync(Stop))[Guid.Parse(WorkspaceId)]);
        // The row is there, so the request counts no second time.
        var again = new UsageRecord
        {
            RequestId = Guid.Parse(RequestId),
            EndedAt = 7_200_000,
            WorkspaceId = Guid.Parse(WorkspaceId),
            KeyId = Guid.Parse(KeyId),
            Ending = "completed",
        };
        await store.AppendAsync(new[] { again }, Stop);
        Assert.Single(
            await store.SumAsync(new UsageQuestion(UsageGrouping.Key, DateTimeOffset.UnixEpoch, null), Stop),
            one => one.Requests == 1
        );
    }
}
