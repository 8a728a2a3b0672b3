using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Penstock.Primitives;
using Penstock.Probing;
using Penstock.Routing;
using Penstock.Storage.Sqlite;
using Penstock.Tests.Registry;
using Penstock.Tests.Storage.Sqlite;

namespace Penstock.Tests.Probing;

/// <summary>The watches of engines over a real database, with the deployments that a test wants.</summary>
internal sealed class ProbingBench : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly bool _ownsFolder;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeLogCollector _logs = new();
    private readonly EngineClient _client;
    private readonly ProbingMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly Prober _prober;

    /// <param name="from">A bench whose database this one opens, as a restarted server does; disposed after it.</param>
    public ProbingBench(ProbingOptions? options = null, TimeProvider? clock = null, ProbingBench? from = null)
    {
        _ownsFolder = from is null;
        _folder = from?._folder ?? new TemporaryFolder();
        var time = clock ?? TimeProvider.System;
        _time = time;
        options ??= Quick();
        var database = MigratedDatabase.At(_folder.File("penstock.db"), time);

        Router = new Router(time, new Chance(1));
        var metrics = new ProbingMetrics(_services.GetRequiredService<IMeterFactory>());
        _metrics = metrics;
        _client = new EngineClient(options, time);
        _prober = new Prober(_client, options, metrics, time, new FakeLogger<Prober>(_logs));
        Store = new SqliteCardStore(database);
        Shelf = new CardShelf(Store, time);
        var logger = new FakeLogger<EngineWatches>(_logs);
        Watches = new EngineWatches(_client, _prober, Shelf, options, metrics, new Chance(1), time, logger);
    }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public Router Router { get; }

    public SqliteCardStore Store { get; }

    public CardShelf Shelf { get; }

    public EngineWatches Watches { get; }

    public IReadOnlyList<Replica> Replicas => [.. Router.Table.Routes.SelectMany(route => route.Replicas)];

    public Replica Replica => Replicas.Single();

    /// <summary>Polls many times a second, and probes only what a test asks for.</summary>
    public static ProbingOptions Quick() =>
        new()
        {
            HealthSeconds = 0.02,
            LoadSeconds = 0.02,
            PatienceSeconds = 10,
            AtRegistration = false,
        };

    public static Deployment Deploy(string backend, string model, params Uri[] replicas) =>
        new()
        {
            Id = Guid.NewGuid(),
            WorkspaceId = null,
            Model = model,
            UpstreamModel = model,
            Backend = backend,
            Replicas = [.. replicas.Select(url => new ReplicaAddress(url, null, 1))],
            CreatedAt = DateTimeOffset.UnixEpoch,
        };

    /// <summary>A look at an engine that a test takes itself.</summary>
    public HealthPoll HealthPoll(EngineAddress engine) => new(_client, engine, _metrics, _time);

    public void Follow(params Deployment[] deployments)
    {
        Router.Use(deployments);
        Watches.Follow(Router.Table);
    }

    /// <summary>Waits until the store holds so many cards.</summary>
    public async Task StoredAsync(int cards)
    {
        while ((await Store.LoadAsync(Stop)).Count < cards)
        {
            await Task.Yield();
        }
    }

    /// <summary>Fails a test in which something went wrong unseen.</summary>
    public async ValueTask DisposeAsync()
    {
        await Watches.StopAsync(Stop);
        Watches.Dispose();
        _prober.Dispose();
        _client.Dispose();
        await _services.DisposeAsync();
        Assert.DoesNotContain(_logs.GetSnapshot(), line => line.Level >= LogLevel.Error);
        if (_ownsFolder)
        {
            _folder.Dispose();
        }
    }
}
