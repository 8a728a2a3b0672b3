using Penstock.Registry;
using Penstock.Registry.Changes;

namespace Penstock.Tests.Registry.Changes;

public sealed class RegistryApplyTests
{
    private const string HashA = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string HashB = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    private const string File = $$"""
        plans:
          - name: pro
            requests_per_minute: 600
            max_requests_per_minute: 1200
        workspaces:
          - name: acme
            plan: pro
        keys:
          - name: ci
            workspace: acme
            sha256: {{HashA}}
            requests_per_minute: 900
            models: [llama-3.3-70b]
            permissions: []
        deployments:
          - id: 0c6ef3b4-7d6e-4f0e-9a53-3f4a3f8b7f10
            workspace: acme
            model: llama-3.3-70b
            upstream_model: meta-llama/Llama-3.3-70B-Instruct
            backend: vllm
            replicas:
              - url: http://10.0.0.5:8000
                api_key_env: VLLM_KEY
                weight: 1
            limits: { top_logprobs: 5, n: 128, max_concurrency: 256, queue: 64 }
            defaults: { max_tokens: 512, temperature: 1, top_p: 1 }
            timeouts: { connect: 2s, first_byte: 120s, idle: 30s, total: 30m }
            retry: { attempts: 3 }
            fallbacks: [llama-3.1-8b]
          - workspace: "*"
            model: llama-3.1-8b
            backend: runpod-vllm
            replicas: [{ runpod: abc }]
            defaults: engine
        """;

    [Fact]
    public async Task The_file_of_the_manual_is_applied_whole()
    {
        using var registry = await OpenAsync();

        var changes = await registry.MustApplyAsync(File);

        Assert.Equal(
            [
                "create deployment */llama-3.1-8b",
                "create deployment acme/llama-3.3-70b",
                "create key acme/ci",
                "create workspace acme",
                "update plan pro (requests_per_minute: 500 -> 600, max_requests_per_minute: 1000 -> 1200)",
            ],
            changes.Order(StringComparer.Ordinal)
        );
        var grant = Assert.Single(Grants.Of(registry.State));
        Assert.Equal((900, 90), (grant.RequestsPerMinute, grant.Burst));
    }

    [Fact]
    public async Task Applied_again_it_changes_nothing()
    {
        using var registry = await OpenAsync();
        await registry.MustApplyAsync(File);

        Assert.Empty(await registry.MustApplyAsync(File));
        Assert.Empty(await registry.MustApplyAsync(File, prune: true));
    }

    [Fact]
    public async Task What_the_file_changes_is_changed_in_place()
    {
        using var registry = await OpenAsync();
        await registry.MustApplyAsync(File);
        var before = registry.State;

        var changes = await registry.MustApplyAsync(
            File.Replace("requests_per_minute: 900", "requests_per_minute: 901", StringComparison.Ordinal)
                .Replace(HashA, HashB, StringComparison.Ordinal)
                .Replace("attempts: 3", "attempts: 4", StringComparison.Ordinal)
        );

        Assert.Equal(
            [
                "update key acme/ci (hint: sha256:aaaaaaaa... -> sha256:bbbbbbbb..., requests_per_minute: 900 -> 901)",
                """update deployment acme/llama-3.3-70b (retry: {"attempts":3} -> {"attempts":4})""",
            ],
            changes
        );
        Assert.Equal(before.Keys.Keys, registry.State.Keys.Keys);
        Assert.Equal(before.Deployments.Keys.Order(), registry.State.Deployments.Keys.Order());
    }

    [Fact]
    public async Task What_the_file_leaves_out_goes_back_to_its_default()
    {
        using var registry = await OpenAsync();
        await registry.MustApplyAsync(File);

        var changes = await registry.MustApplyAsync(
            File.Replace("    requests_per_minute: 900\n", "", StringComparison.Ordinal)
                .Replace("    models: [llama-3.3-70b]\n", "", StringComparison.Ordinal)
        );

        Assert.Equal(
            ["""update key acme/ci (requests_per_minute: 900 -> null, models: ["llama-3.3-70b"] -> null)"""],
            changes
        );
    }

    [Fact]
    public async Task What_the_file_does_not_name_stays_unless_it_is_pruned()
    {
        using var registry = await OpenAsync();
        await registry.MakeWorkspaceAsync("other");
        await registry.MakeKeyAsync("other", "k");
        await registry.MakeDeploymentAsync("other", "m");
        await registry.MustApplyAsync(File);
        await registry.MakeKeyAsync("acme", "second");
        Assert.Empty(await registry.MustApplyAsync(File));

        var pruned = await registry.MustApplyAsync("workspaces: [{ name: acme, plan: pro }]", prune: true);

        Assert.Equal(
            [
                "delete deployment */llama-3.1-8b",
                "delete deployment acme/llama-3.3-70b",
                "delete deployment other/m",
                "delete key acme/ci",
                "delete key acme/second",
                "delete key other/k",
                "delete workspace other",
                "update plan pro (requests_per_minute: 600 -> 500, max_requests_per_minute: 1200 -> 1000)",
            ],
            pruned.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_key_that_was_revoked_stays_revoked_whatever_the_file_says()
    {
        using var registry = await OpenAsync();
        await registry.MustApplyAsync(File);
        await registry.MakeAsync(draft => KeyChanges.Revoke(draft, Assert.Single(draft.After.Keys.Values)));

        var outcome = await registry.ApplyAsync(File, prune: true);

        Assert.Empty(outcome.Value!.Changes);
        Assert.Equal(["line 9: the secret of key \"ci\" was revoked and stays so"], outcome.Value.Notes);
        Assert.True(Assert.Single(Grants.Of(registry.State)).Revoked);
    }

    [Fact]
    public async Task A_secret_that_was_rotated_away_does_not_come_back_but_the_rest_is_applied()
    {
        using var registry = await OpenAsync();
        await registry.MustApplyAsync(File);
        var old = Assert.Single(registry.State.Keys.Values);
        var next = await registry.MakeAsync(draft => registry.Keys.Rotate(draft, old, TimeSpan.FromHours(1)));

        var changed = File.Replace("requests_per_minute: 900", "requests_per_minute: 7", StringComparison.Ordinal);
        var outcome = await registry.ApplyAsync(changed, prune: true);

        Assert.Empty(outcome.Mistakes);
        Assert.Equal(["line 9: the secret of key \"ci\" was rotated away and stays so"], outcome.Value!.Notes);
        var current = registry.State.Keys[next!.Key.Id];
        Assert.Equal((7, next.Key.Hash), (current.RequestsPerMinute, current.Hash));
        Assert.NotNull(registry.State.Keys[old.Id].ExpiresAt);
    }

    [Fact]
    public async Task Two_keys_may_swap_their_secrets()
    {
        using var registry = await OpenAsync();
        const string Both = $$"""
            workspaces: [{ name: acme }]
            keys:
              - { name: a, workspace: acme, sha256: {{HashA}} }
              - { name: b, workspace: acme, sha256: {{HashB}} }
            """;
        await registry.MustApplyAsync(Both);
        var swapped = Both.Replace(HashA, "X", StringComparison.Ordinal)
            .Replace(HashB, HashA, StringComparison.Ordinal)
            .Replace("X", HashB, StringComparison.Ordinal);

        Assert.Equal(2, (await registry.MustApplyAsync(swapped)).Count);
        Assert.Empty(await registry.MustApplyAsync(swapped));
    }

    [Fact]
    public async Task Without_an_id_a_deployment_is_known_by_workspace_and_model_if_that_is_clear()
    {
        using var registry = await OpenAsync();
        await registry.MakeWorkspaceAsync("acme");
        var first = await registry.MakeDeploymentAsync("acme", "m");
        const string Unnamed = """
            deployments:
              - { workspace: acme, model: m, backend: sglang, replicas: [{ url: "http://a" }] }
            """;

        await registry.MustApplyAsync(Unnamed);
        Assert.Equal("sglang", Assert.Single(registry.State.Deployments.Values).Backend);

        await registry.MakeDeploymentAsync("acme", "m");
        var unclear = await registry.ApplyAsync(Unnamed);
        Assert.Equal(
            "2:31 deployments[0].model: 2 deployments offer this model: say by its id which one is meant",
            Assert.Single(unclear.Mistakes).ToString()
        );

        var named =
            Unnamed
            + $"\n  - {{ id: {first.Id}, workspace: acme, model: m, backend: tgi, replicas: [{{ url: \"http://b\" }}] }}";
        Assert.Equal(2, (await registry.MustApplyAsync(named)).Count);
        Assert.Equal("tgi", registry.State.Deployments[first.Id].Backend);
    }

    [Fact]
    public async Task A_credential_given_through_the_api_survives_a_file_that_cannot_hold_it()
    {
        using var registry = await OpenAsync();
        await registry.MakeWorkspaceAsync("acme");
        var replica = new ReplicaRecord { Url = "http://a", ApiKey = new Secret("sk") };
        await registry.MakeDeploymentAsync("acme", "m", spec => spec with { Replicas = [new(replica, true)] });
        const string Plain = """
            deployments:
              - { workspace: acme, model: m, backend: vllm, replicas: [{ url: "http://a", weight: 3 }] }
            """;

        await registry.MustApplyAsync(Plain);
        var kept = Assert.Single(registry.State.Deployments.Values).Replicas[0];
        await registry.MustApplyAsync(Plain.Replace("weight: 3", "api_key_env: VLLM_KEY", StringComparison.Ordinal));
        var named = Assert.Single(registry.State.Deployments.Values).Replicas[0];
        await registry.MustApplyAsync(Plain);
        var none = Assert.Single(registry.State.Deployments.Values).Replicas[0];

        Assert.Equal(("sk", 3), (kept.ApiKey!.Value.Value, kept.Weight));
        Assert.Equal("VLLM_KEY", named.ApiKeyEnv);
        Assert.Equal((null, null), (none.ApiKey, none.ApiKeyEnv));
    }

    [Fact]
    public async Task A_change_by_a_file_is_attributed_to_it()
    {
        using var registry = await OpenAsync();
        await registry.MustApplyAsync(File);

        var audit = await registry.Live.ReadAuditAsync(null, 1, TestRegistry.Stop);

        Assert.Equal("file:test.yaml", audit[0].Actor);
    }

    private static async Task<TestRegistry> OpenAsync()
    {
        var registry = await TestRegistry.OpenAsync();
        registry.Variables["VLLM_KEY"] = "sk-vllm";
        return registry;
    }
}
