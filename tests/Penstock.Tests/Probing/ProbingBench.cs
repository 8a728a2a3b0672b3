using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Penstock.Primitives;
using Penstock.Probing;
using Penstock.Routing;
using Penstock.Storage.Sqlite;
using Penstock.Tests.Registry;

namespace Penstock.Tests.Probing;

/// <summary>The watches of engines over a real database, with the deployments that a test wants.</summary>
internal sealed class ProbingBench : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly EngineClient _client;
    private readonly Prober _prober;

    public ProbingBench(ProbingOptions? options = null, TimeProvider? clock = null)
    {
        var time = clock ?? TimeProvider.System;
        options ??= Quick();
        var database = new SqliteDatabase(_folder.File("penstock.db"), time);
        using (var connection = database.Open())
        {
            database.Migrate(connection);
        }

        Router = new Router(time, new Chance(1));
        var metrics = new ProbingMetrics(_services.GetRequiredService<IMeterFactory>());
        _client = new EngineClient(options, time);
        _prober = new Prober(_client, options, metrics, time, NullLogger<Prober>.Instance);
        Store = new SqliteCardStore(database);
        Shelf = new CardShelf(Store, time);
        var logger = NullLogger<EngineWatches>.Instance;
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

    public void Follow(params Deployment[] deployments)
    {
        Router.Use(deployments);
        Watches.Follow(Router.Table);
    }

    public async ValueTask DisposeAsync()
    {
        await Watches.StopAsync(Stop);
        Watches.Dispose();
        _prober.Dispose();
        _client.Dispose();
        await _services.DisposeAsync();
        _folder.Dispose();
    }
}
