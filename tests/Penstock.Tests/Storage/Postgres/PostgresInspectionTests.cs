using Penstock.Registry;
using Penstock.Storage;
using Penstock.Storage.Postgres;

namespace Penstock.Tests.Storage.Postgres;

/// <summary>A look changes nothing.</summary>
public sealed class PostgresInspectionTests : IAsyncLifetime
{
    /// <summary>Not the zeros that stand in where there is no key.</summary>
    private readonly SecretBox _box = new([.. Enumerable.Repeat((byte)9, 32)]);
    private TestDatabase _database = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.NewAsync();

    [Fact]
    public async Task An_empty_database_is_one_that_was_not_begun_and_stays_so()
    {
        var findings = await LookAsync(_box);

        Assert.Null(findings.Problem);
        Assert.Equal(findings.NewestSchema, findings.MissingSteps);
        Assert.Empty(findings.State!.Workspaces);
        Assert.Equal(
            0,
            await _database.NumberAsync("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'")
        );
    }

    [Fact]
    public async Task What_gateways_have_left_is_read_whole_and_credentials_need_their_key()
    {
        var store = _database.OpenRegistry(_box);
        var stored = await store.LoadAsync(Stop);
        var deployment = new DeploymentRecord
        {
            Id = Guid.NewGuid(),
            WorkspaceId = null,
            Model = "m",
            UpstreamModel = "m",
            Backend = "vllm",
            Replicas = [new ReplicaRecord { Url = "http://a:1", ApiKey = new Secret("s3cret") }],
            CreatedAt = DateTimeOffset.UnixEpoch,
        };
        var change = new RecordChange(ResourceKind.Deployment, deployment.Id.ToString("D"), null, deployment);
        Assert.True(await store.CommitAsync(new ChangeSet([change], []), stored.Revision, Stop));

        Assert.Equal(
            "s3cret",
            Assert.Single((await LookAsync(_box)).State!.Deployments.Values).Replicas[0].ApiKey!.Value.Value
        );
        Assert.Contains("no secret key", (await LookAsync(null)).Problem, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        _box.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<StoreFindings> LookAsync(SecretBox? secrets) =>
        new PostgresInspection(_database.Open(), secrets, Migration.Embedded(PostgresMigrations.Series)).LookAsync(
            Stop
        );
}
