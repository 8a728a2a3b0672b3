namespace Penstock.EndToEndTests.Harness;

/// <summary>
/// The three gateways of deploy/compose.yaml with their PostgreSQL and their Valkey or Redis: same flags, same environment,
/// less the containers.
/// </summary>
internal sealed class GatewayFleet : IAsyncDisposable
{
    private const string Database = "penstock";

    private static readonly Dictionary<string, string> Secrets = new(StringComparer.Ordinal)
    {
        ["POSTGRES_PASSWORD"] = "password-of-postgres",
        ["VALKEY_PASSWORD"] = "password-of-valkey",
        ["PENSTOCK_ADMIN_TOKEN"] = GatewayProcess.AdminToken,
        ["PENSTOCK_SECRET_KEY"] = Convert.ToBase64String([.. Enumerable.Repeat((byte)9, 32)]),
        ["PENSTOCK_CACHE_SECRET"] = "secret-of-the-caches",
    };

    private readonly List<TempFolder> _folders = [];
    private readonly List<LoopbackPlace> _places = [];
    private readonly List<GatewayProcess> _killed = [];
    private readonly IReadOnlyList<ComposeService> _services;
    private readonly IReadOnlyDictionary<string, string?> _more;
    private readonly PostgresServer _postgres;
    private GatewayProcess?[] _gateways = [];

    private GatewayFleet(
        IReadOnlyList<ComposeService> services,
        IReadOnlyDictionary<string, string?> more,
        PostgresServer postgres,
        RedisProcess redis
    )
    {
        (_services, _more, _postgres) = (services, more, postgres);
        (Redis, Proxy) = (redis, new StallingProxy(redis.Port));
    }

    public RedisProcess Redis { get; }

    /// <summary>Between the gateways and Redis.</summary>
    public StallingProxy Proxy { get; }

    public int Count => _services.Count;

    /// <summary>Those that run; a balancer asks no others.</summary>
    public IReadOnlyList<GatewayProcess> Running => [.. _gateways.OfType<GatewayProcess>()];

    /// <returns>Null: it is down.</returns>
    public GatewayProcess? Find(int gateway) => _gateways[gateway];

    /// <exception cref="InvalidOperationException">That gateway is down.</exception>
    public GatewayProcess this[int gateway] =>
        _gateways[gateway] ?? throw new InvalidOperationException($"Gateway {gateway} is down.");

    /// <param name="more">Settings beside those of the file, in the words of the environment.</param>
    public static async Task<GatewayFleet> StartAsync(
        Declaration declaration,
        params (string Name, string Value)[] more
    )
    {
        var compose = ComposeFile.Read(Secrets);
        var valkey = compose.Services.Single(service => service.Name == "valkey");
        var postgres = await PostgresServer.StartAsync();
        var redis = await RedisProcess.StartAsync([.. valkey.Arguments.Skip(1)]);
        var fleet = new GatewayFleet([.. compose.Gateways], Setting.Of(more), postgres, redis);
        try
        {
            await postgres.CreateDatabaseAsync(Database);
            fleet.Settle(declaration);
            await Task.WhenAll(Enumerable.Range(0, fleet.Count).Select(fleet.StartAsync));
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync(int gateway)
    {
        var killed = this[gateway];
        _gateways[gateway] = null;
        _killed.Add(killed);
        killed.Process.KillHard();
        await killed.Process.WaitForExitAsync();
    }

    /// <summary>Where it was, with what it left in its folder.</summary>
    public async Task StartAsync(int gateway) =>
        _gateways[gateway] = await GatewayProcess.StartAsync(
            _services[gateway],
            _places[gateway],
            _folders[gateway],
            _more
        );

    /// <summary>What a query to the shared database gives.</summary>
    public Task<IReadOnlyList<string[]>> QueryAsync(string sql) => _postgres.QueryAsync(Database, sql);

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in Running.Concat(_killed))
        {
            await gateway.DisposeAsync();
        }

        await Proxy.DisposeAsync();
        await Redis.DisposeAsync();
        await _postgres.DisposeAsync();
        _folders.ForEach(folder => folder.Dispose());
    }

    private void Settle(Declaration declaration)
    {
        _gateways = new GatewayProcess?[Count];
        for (var gateway = 0; gateway < Count; gateway++)
        {
            var folder = new TempFolder();
            var config = folder.Write("penstock.yaml", declaration.ToString());
            _folders.Add(folder);
            _places.Add(new LoopbackPlace(FreePort.Take(), folder.File("data"), config, _postgres.Port, Proxy.Port));
        }
    }
}
