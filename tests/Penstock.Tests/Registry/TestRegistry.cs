using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Penstock.Keys;
using Penstock.Registry;
using Penstock.Registry.Changes;
using Penstock.Storage;
using Penstock.Storage.Sqlite;

namespace Penstock.Tests.Registry;

/// <summary>A registry on a real database in a folder of its own, with a clock and an environment that a test sets.</summary>
internal sealed class TestRegistry : IDisposable
{
    public const string Actor = "test";

    private readonly TemporaryFolder? _folder;
    private readonly DataFolder _data;
    private readonly SecretBox _box;
    private readonly SqliteRegistryStore _store;

    public TestRegistry(string? path = null)
    {
        _folder = path is null ? new TemporaryFolder() : null;
        _data = DataFolder.Open(path ?? _folder!.File("data"));
        _box = SecretBox.Open(_data, new SecretOptions());
        _store = new SqliteRegistryStore(new SqliteDatabase(_data.File(SqliteDatabase.FileName), Time), _box);
        Environment = new EnvironmentVariables(name => Variables.GetValueOrDefault(name));
        Credentials = new UpstreamCredentials(Environment);
        Keys = new KeyChanges(Options.Create(new KeyOptions()));
        Deployments = new DeploymentChanges(Credentials);
        var routable = new RoutableDeployments(
            Credentials,
            new RunPodOptions(),
            NullLogger<RoutableDeployments>.Instance
        );
        Live = new LiveRegistry(_store, new SilentChangeFeed(), routable, Time, NullLogger<LiveRegistry>.Instance);
    }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, 678, TimeSpan.Zero));
    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);
    public EnvironmentVariables Environment { get; }
    public UpstreamCredentials Credentials { get; }
    public KeyChanges Keys { get; }
    public DeploymentChanges Deployments { get; }
    public LiveRegistry Live { get; }
    public string DataPath => _data.Path;

    public RegistryState State => Live.State;

    public static async Task<TestRegistry> OpenAsync(string? path = null)
    {
        var registry = new TestRegistry(path);
        await registry.Live.OpenAsync(Stop);
        return registry;
    }

    public Task<Outcome<T>> ChangeAsync<T>(Func<RegistryDraft, T> change) => Live.ChangeAsync(Actor, change, Stop);

    /// <summary>Makes a change that must succeed.</summary>
    public async Task<T> MakeAsync<T>(Func<RegistryDraft, T> change)
    {
        var outcome = await ChangeAsync(change);
        Assert.Empty(outcome.Mistakes);
        return outcome.Value!;
    }

    public Task<Workspace> MakeWorkspaceAsync(string name, string plan = "pro") =>
        MakeAsync(draft => WorkspaceChanges.Create(draft, Declared<WorkspaceSpec>.ByProgram(new(name, plan))));

    public async Task<IssuedKey> MakeKeyAsync(string workspace, string name, Func<KeySpec, KeySpec>? with = null)
    {
        var spec = KeySpec.New with { Workspace = workspace, Name = name };
        spec = with?.Invoke(spec) ?? spec;
        return (await MakeAsync(draft => Keys.Create(draft, Declared<KeySpec>.ByProgram(spec))))!;
    }

    public async Task<DeploymentRecord> MakeDeploymentAsync(
        string workspace,
        string model,
        Func<DeploymentSpec, DeploymentSpec>? with = null
    )
    {
        var replica = new ReplicaRecord { Url = "http://127.0.0.1:8000" };
        var spec = DeploymentSpec.New with
        {
            Workspace = workspace,
            Model = model,
            Backend = "vllm",
            Replicas = [new ReplicaSpec(replica, SaysCredential: false)],
        };
        spec = with?.Invoke(spec) ?? spec;
        return (await MakeAsync(draft => Deployments.Create(draft, Declared<DeploymentSpec>.ByProgram(spec))))!;
    }

    public void Dispose()
    {
        Live.Dispose();
        _store.Dispose();
        _box.Dispose();
        _data.Dispose();
        _folder?.Dispose();
    }
}
