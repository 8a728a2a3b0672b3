using System.Collections.Immutable;
using Penstock.Keys;
using Penstock.Metering;
using Penstock.Registry;
using Penstock.Registry.Changes;
using Penstock.Routing;
using Penstock.Routing.Policies;

namespace Penstock.Tests.Storage;

/// <summary>What every registry store must do. A store's own test class inherits it and says how to open one.</summary>
public abstract class RegistryStoreContract
{
    private static readonly DateTimeOffset At = new(2030, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private static readonly Allowance Full = new()
    {
        TokensPerMinute = 1_000,
        ConcurrentRequests = 8,
        TokensPerDay = 1_000_000,
        TokensPerMonth = 1L << 40,
        SpendPerDay = 1_500_000_000,
        SpendPerMonth = 1L << 60,
    };

    private static readonly Plan Pro = ShippedPlans.Find("pro")! with { Limits = new() { TokensPerDay = 7 } };

    private static readonly Workspace Acme = new()
    {
        Id = Guid.Parse("00000000-0000-0000-0000-00000000000a"),
        Name = "acme",
        Plan = "pro",
        Limits = Full,
        Credited = -1_500_000_001,
        CreatedAt = At,
    };

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Opens the store of this test: the same data each time.</summary>
    private protected abstract IRegistryStore Open();

    /// <summary>Closes a store that <see cref="Open"/> gave.</summary>
    private protected virtual void Close(IRegistryStore store) { }

    [Fact]
    public async Task A_new_store_is_empty()
    {
        var state = (await Open().LoadAsync(Stop)).State;

        Assert.Empty(state.Plans);
        Assert.Empty(state.Workspaces);
        Assert.Empty(state.Keys);
        Assert.Empty(state.Deployments);
    }

    [Fact]
    public async Task Every_field_of_every_record_comes_back_as_it_was_stored()
    {
        var full = Key(1) with
        {
            RequestsPerMinute = 900,
            Burst = 90,
            Models = ["a", "b/c"],
            Permissions = ["engine-controls"],
            ExpiresAt = At.AddDays(1),
            RevokedAt = At.AddDays(2),
            SupersededAt = At.AddDays(3),
            RotatedFrom = Key(2).Id,
            Limits = Full,
        };
        var bare = Key(2);
        var noModels = Key(3) with { Models = [] };
        var shared = Deployment(1) with { WorkspaceId = null, Defaults = SamplingDefaults.OfTheEngine };
        var rich = Deployment(2) with
        {
            Replicas =
            [
                new ReplicaRecord { Url = "http://a:1", ApiKey = new Secret("sk-very-secret") },
                new ReplicaRecord
                {
                    Url = "http://b:2",
                    ApiKeyEnv = "B_KEY",
                    Weight = 7,
                    Drained = true,
                },
                new ReplicaRecord { Url = "http://c:3", ApiKeyFile = "/run/secrets/c" },
            ],
            Limits = new DeploymentLimits
            {
                TopLogprobs = 20,
                N = 1,
                MaxConcurrency = 2,
                Queue = 0,
                QueueWait = TimeSpan.FromSeconds(1),
                StartWait = TimeSpan.FromMinutes(9),
                OutageWait = TimeSpan.FromSeconds(2),
            },
            Defaults = new SamplingDefaults(1024, 0.5, null),
            Timeouts = new DeploymentTimeouts
            {
                Connect = TimeSpan.FromMilliseconds(250),
                Total = TimeSpan.FromHours(2),
            },
            Attempts = 5,
            Routing = new DeploymentRouting
            {
                Policy = RoutingPolicy.Session,
                ShareCache = true,
                EnginePriority = true,
                Hedge = Hedge.Auto,
            },
            Price = new TokenPrice(600_000, 60_000, 1_800_000),
            Usage = UsageReporting.Final,
            Fallbacks = ["m1", "ünïcode/模型"],
        };
        object[] records = [Pro, ShippedPlans.Find("starter")!, Acme, full, bare, noModels, shared, rich];

        var state = await StoreAndReopenAsync(records);

        Assert.Equal(Pro, state.Plans["pro"]);
        Assert.Equal(ShippedPlans.Find("starter"), state.Plans["starter"]);
        Assert.Equal(Acme, Assert.Single(state.Workspaces.Values));
        Assert.Equal(full, state.Keys[full.Id]);
        Assert.Equal(bare, state.Keys[bare.Id]);
        Assert.Equal(noModels, state.Keys[noModels.Id]);
        Assert.Equal(shared, state.Deployments[shared.Id]);
        Assert.Equal(rich, state.Deployments[rich.Id]);
    }

    [Fact]
    public async Task Two_records_may_swap_what_is_unique_in_one_change()
    {
        var (first, second) = (Key(1), Key(2));
        var store = Open();
        await store.LoadAsync(Stop);
        await CommitAsync(store, Created([Pro, Acme, first, second]));

        var (swapped, swappedToo) = (
            first with
            {
                Hash = second.Hash,
                Name = second.Name,
            },
            second with
            {
                Hash = first.Hash,
                Name = first.Name,
            }
        );
        await CommitAsync(store, new ChangeSet([Change(first, swapped), Change(second, swappedToo)], []));

        var state = await ReopenAsync(store);
        Assert.Equal(swapped, state.Keys[first.Id]);
        Assert.Equal(swappedToo, state.Keys[second.Id]);
    }

    [Fact]
    public async Task Parents_and_children_can_go_in_one_change()
    {
        object[] records = [Acme, Key(1), Deployment(1)];
        var store = Open();
        await store.LoadAsync(Stop);
        await CommitAsync(store, Created([Pro, .. records]));

        await CommitAsync(store, new ChangeSet([.. records.Select(record => Change(record, null))], []));

        var state = await ReopenAsync(store);
        Assert.Empty(state.Workspaces);
        Assert.Empty(state.Keys);
        Assert.Empty(state.Deployments);
        Assert.Single(state.Plans);
    }

    [Fact]
    public async Task A_change_that_cannot_be_stored_whole_is_not_stored_at_all()
    {
        var store = Open();
        await store.LoadAsync(Stop);
        await CommitAsync(store, Created([Pro]));
        var orphan = Key(1) with { WorkspaceId = Guid.Parse("00000000-0000-0000-0000-0000000000ff") };

        await Assert.ThrowsAnyAsync<Exception>(() =>
            CommitAsync(
                store,
                new ChangeSet([Change(null, Acme), Change(null, orphan)], [Entry("create", Acme.Id.ToString("D"))])
            )
        );

        Assert.Empty(await store.ReadAuditAsync(null, 10, Stop));
        var state = await ReopenAsync(store);
        Assert.Empty(state.Workspaces);
        Assert.Empty(state.Keys);
    }

    [Fact]
    public async Task The_audit_is_read_newest_first_and_page_by_page()
    {
        var store = Open();
        await store.LoadAsync(Stop);
        for (var i = 0; i < 5; i++)
        {
            await CommitAsync(store, new ChangeSet([], [Entry("update", $"{i}")]));
        }

        var first = await store.ReadAuditAsync(null, 2, Stop);
        var second = await store.ReadAuditAsync(first[^1].Sequence, 2, Stop);
        var third = await store.ReadAuditAsync(second[^1].Sequence, 2, Stop);

        Assert.Equal(["4", "3", "2", "1", "0"], [.. first.Concat(second).Concat(third).Select(entry => entry.Id)]);
        Assert.Equal(Entry("update", "4") with { Sequence = first[0].Sequence }, first[0]);
        Assert.Empty(await store.ReadAuditAsync(third[^1].Sequence, 2, Stop));
    }

    [Fact]
    public async Task Each_commit_is_a_revision_and_one_on_an_older_revision_is_refused_whole()
    {
        var store = Open();
        var first = await store.LoadAsync(Stop);
        Assert.True(await store.CommitAsync(Created([Pro]), first.Revision, Stop));

        Assert.False(await store.CommitAsync(Created([Acme]), first.Revision, Stop));

        Assert.Equal(first.Revision + 1, await store.ReadRevisionAsync(Stop));
        var second = await store.LoadAsync(Stop);
        Assert.Equal(first.Revision + 1, second.Revision);
        Assert.Empty(second.State.Workspaces);
        Assert.True(await store.CommitAsync(Created([Acme]), second.Revision, Stop));
    }

    private protected static async Task CommitAsync(IRegistryStore store, ChangeSet changes) =>
        Assert.True(await store.CommitAsync(changes, await store.ReadRevisionAsync(Stop), Stop));

    private protected static KeyRecord Key(int number) =>
        new()
        {
            Id = new Guid(number, 1, 0, [0, 0, 0, 0, 0, 0, 0, 0]),
            WorkspaceId = Acme.Id,
            Name = $"key {number}",
            Hash = ApiKeyHash.Of([(byte)number]),
            Hint = $"psk_live_...{number:D4}",
            CreatedAt = At,
        };

    private protected static DeploymentRecord Deployment(int number) =>
        new()
        {
            Id = new Guid(number, 2, 0, [0, 0, 0, 0, 0, 0, 0, 0]),
            WorkspaceId = Acme.Id,
            Model = $"m{number}",
            UpstreamModel = $"org/m{number}",
            Backend = "vllm",
            Replicas = [new ReplicaRecord { Url = "http://127.0.0.1:8000" }],
            CreatedAt = At,
        };

    private protected static ChangeSet Created(IEnumerable<object> records) =>
        new([.. records.Select(record => Change(null, record))], []);

    private static RecordChange Change(object? before, object? after)
    {
        var (kind, id) = (after ?? before) switch
        {
            Plan plan => (ResourceKind.Plan, plan.Name),
            Workspace workspace => (ResourceKind.Workspace, RegistryDraft.IdOf(workspace.Id)),
            KeyRecord key => (ResourceKind.Key, RegistryDraft.IdOf(key.Id)),
            DeploymentRecord deployment => (ResourceKind.Deployment, RegistryDraft.IdOf(deployment.Id)),
            var other => throw new InvalidOperationException($"{other} is no record."),
        };
        return new RecordChange(kind, id, before, after);
    }

    private static AuditEntry Entry(string action, string id) =>
        new(0, At, "admin:1234", action, "key", id, """{"name":"a"}""", null);

    private async Task<RegistryState> StoreAndReopenAsync(IEnumerable<object> records)
    {
        var store = Open();
        await store.LoadAsync(Stop);
        await CommitAsync(store, Created(records));
        return await ReopenAsync(store);
    }

    private async Task<RegistryState> ReopenAsync(IRegistryStore store)
    {
        Close(store);
        return (await Open().LoadAsync(Stop)).State;
    }
}
