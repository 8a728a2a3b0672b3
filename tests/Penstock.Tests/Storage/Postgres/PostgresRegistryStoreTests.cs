using Penstock.Registry;
using Penstock.Storage;

namespace Penstock.Tests.Storage.Postgres;

public sealed class PostgresRegistryStoreTests : RegistryStoreContract, IAsyncLifetime
{
    private readonly SecretBox _box = new(new byte[32]);
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.NewAsync();

    [Fact]
    public async Task Of_commits_on_one_revision_at_the_same_time_one_is_stored()
    {
        var stores = Enumerable.Range(0, 4).Select(_ => Open()).ToList();
        var revision = (await stores[0].LoadAsync(Stop)).Revision;

        var stored = await Task.WhenAll(
            stores.Select((store, at) => store.CommitAsync(Created([ShippedPlans.All[at % 4]]), revision, Stop))
        );

        Assert.Single(stored, won => won);
        var state = await stores[0].LoadAsync(Stop);
        Assert.Equal(revision + 1, state.Revision);
        Assert.Single(state.State.Plans);
    }

    [Fact]
    public async Task A_gateway_with_another_secret_key_is_told_so_at_its_start()
    {
        await Open().LoadAsync(Stop);
        using var other = new SecretBox([.. Enumerable.Repeat((byte)1, 32)]);

        var error = await Assert.ThrowsAsync<StoreException>(() => _database.OpenRegistry(other).LoadAsync(Stop));

        Assert.Contains("another secret key", error.Message, StringComparison.Ordinal);
        Assert.Contains("Secrets:Key", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_column_holds_a_credential_in_the_clear()
    {
        var store = Open();
        await store.LoadAsync(Stop);
        var replica = new ReplicaRecord { Url = "http://a:1", ApiKey = new Secret("sk-very-secret") };

        await CommitAsync(store, Created([Deployment(1) with { WorkspaceId = null, Replicas = [replica] }]));

        var rows = await _database.ColumnAsync("SELECT to_jsonb(replicas)::text FROM replicas");
        Assert.Contains("http://a:1", Assert.Single(rows), StringComparison.Ordinal);
        Assert.DoesNotContain("sk-very-secret", rows[0], StringComparison.Ordinal);
        Assert.DoesNotContain(
            Convert.ToHexStringLower("sk-very-secret"u8),
            rows[0],
            StringComparison.OrdinalIgnoreCase
        );
    }

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        _box.Dispose();
        return ValueTask.CompletedTask;
    }

    private protected override IRegistryStore Open() => _database.OpenRegistry(_box);
}
