using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Penstock.Keys;
using Penstock.Registry;
using Penstock.Registry.Changes;
using Penstock.Storage;

namespace Penstock.Tests.Storage.Postgres;

/// <summary>One gateway's registry on a database that others use as well, and its follower with a clock of the test's.</summary>
internal sealed class SharedRegistry : IAsyncDisposable
{
    public static readonly FollowingPace Pace = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(5));

    private readonly SecretBox _box = new(new byte[32]);
    private readonly RegistryFollower _follower;
    private readonly FakeLoggerProvider _logs = new();

    public SharedRegistry(TestDatabase database, IChangeFeed? feed = null)
    {
        feed ??= new SilentChangeFeed();
        var credentials = new UpstreamCredentials(new EnvironmentVariables(_ => null));
        var routable = new RoutableDeployments(
            credentials,
            new RunPodOptions(),
            NullLogger<RoutableDeployments>.Instance
        );
        var logs = LoggerFactory.Create(builder => builder.AddProvider(_logs));
        var store = database.OpenRegistry(_box);
        Live = new LiveRegistry(store, feed, routable, TimeProvider.System, logs.CreateLogger<LiveRegistry>());
        Keys = new KeyChanges(Options.Create(new KeyOptions()));
        _follower = new RegistryFollower(Live, feed, Pace, Time, logs.CreateLogger<RegistryFollower>());
    }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public FakeTimeProvider Time { get; } = new();
    public LiveRegistry Live { get; }
    public KeyChanges Keys { get; }

    public IEnumerable<string> Logs => _logs.Collector.GetSnapshot().Select(line => line.Message);

    public static async Task<SharedRegistry> OpenAsync(TestDatabase database, IChangeFeed? feed = null)
    {
        var registry = new SharedRegistry(database, feed);
        await registry.Live.OpenAsync(Stop);
        await registry._follower.StartAsync(Stop);
        return registry;
    }

    public async Task<Workspace?> MakeWorkspaceAsync(string name)
    {
        var outcome = await Live.ChangeAsync(
            "test",
            draft => WorkspaceChanges.Create(draft, Declared<WorkspaceSpec>.ByProgram(new(name, "pro"))),
            Stop
        );
        Assert.Empty(outcome.Mistakes);
        return outcome.Value;
    }

    /// <summary>Lets time go by until something is seen.</summary>
    public async Task UntilAsync(Func<bool> seen)
    {
        while (!seen())
        {
            Stop.ThrowIfCancellationRequested();
            Time.Advance(Pace.LongestPause);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Stop);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _follower.StopAsync(CancellationToken.None);
        _follower.Dispose();
        Live.Dispose();
        _box.Dispose();
        _logs.Dispose();
    }
}
