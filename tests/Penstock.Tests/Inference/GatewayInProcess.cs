using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Penstock.Forwarding;
using Penstock.Idempotency;
using Penstock.Inference;
using Penstock.Keys;
using Penstock.Limits;
using Penstock.Metering;
using Penstock.Primitives;
using Penstock.Relaying;
using Penstock.Routing;
using Penstock.Routing.Policies;
using Penstock.Storage.Redis;
using Penstock.Tests.Registry;
using Penstock.Tests.Storage.Sqlite;
using Penstock.Transport;

namespace Penstock.Tests.Inference;

/// <summary>The corridor behind a real Kestrel, with one key and the deployments that a test wants.</summary>
internal sealed class GatewayInProcess : IAsyncDisposable
{
    public static readonly Guid Workspace = Guid.Parse("11111111-1111-1111-1111-111111111111");

    /// <summary>The one key.</summary>
    public const string Secret = "a-key-for-tests-only";

    private readonly WebApplication _app;

    private readonly TemporaryFolder _folder;

    private GatewayInProcess(WebApplication app, TemporaryFolder folder, string secret)
    {
        (_app, _folder) = (app, folder);
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        Client.DefaultRequestHeaders.Authorization = new("Bearer", secret);
    }

    public HttpClient Client { get; }

    public FakeLogCollector Logs => _app.Services.GetRequiredService<FakeLogCollector>();

    public MemoryIdempotencyStore Recordings => _app.Services.GetRequiredService<MemoryIdempotencyStore>();

    public Router Router => _app.Services.GetRequiredService<Router>();

    public IEnumerable<UpstreamCall> CallsUnderWay => Calls.UnderWay;

    public CallFactory Calls => _app.Services.GetRequiredService<CallFactory>();

    public static async Task<GatewayInProcess> StartAsync(
        IReadOnlyList<Deployment> deployments,
        TimeProvider? time = null,
        Dictionary<string, string?>? settings = null,
        Func<KeyGrant, KeyGrant>? with = null
    )
    {
        var builder = WebApplication.CreateSlimBuilder();
        // A clock that a test moves by hand does not wake the ledger at every step: it is asked to flush.
        builder.Configuration["Ledger:FlushMilliseconds"] = "60000";
        // As the program does it: one variable runs these tests on the other transport.
        builder.Configuration.AddEnvironmentVariables("PENSTOCK__").AddInMemoryCollection(settings ?? []);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.UseEventLoops();
        builder.Logging.ClearProviders().AddFakeLogging();
        builder.Services.AddPrimitives();
        builder.Services.AddKeys();
        builder.Services.AddLimits();
        builder.Services.AddModelRouting();
        builder.Services.AddForwarding();
        builder.Services.AddTransport();
        builder.Services.AddRelaying();
        var folder = new TemporaryFolder();
        builder.Services.AddMetering(folder.File("spool"));
        builder.Services.AddSingleton<IUsageStore>(LedgerOf(folder).Store());
        builder.Services.AddIdempotency();
        builder.Services.AddRedisStorage(builder.Configuration[RedisOptions.ConnectionKey]);
        builder.Services.AddInference();
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        var app = builder.Build();
        app.UseInference();
        app.Services.GetRequiredService<ApiKeyAuthenticator>()
            .Use(KeySnapshot.Build([with?.Invoke(Grant(Secret)) ?? Grant(Secret)]));
        app.Services.GetRequiredService<Router>().Use(deployments);
        app.Services.GetRequiredService<Prices>().Use(deployments.Select(PriceOf));
        await app.Services.GetRequiredService<IUsageStore>().OpenAsync(TestContext.Current.CancellationToken);
        await app.StartAsync(TestContext.Current.CancellationToken);
        if (app.Services.GetService<RedisConnection>() is { } redis)
        {
            await redis.OpenAsync(TestContext.Current.CancellationToken);
        }

        return new GatewayInProcess(app, folder, Secret);
    }

    public static Deployment Deploy(string model, params Uri[] replicas) =>
        new()
        {
            Id = Guid.NewGuid(),
            WorkspaceId = Workspace,
            Model = model,
            UpstreamModel = "org/" + model,
            Backend = "vllm",
            // In the order given, and nothing added to a body: routing's own tests say otherwise.
            Routing = new DeploymentRouting { Policy = RoutingPolicy.RoundRobin, ShareCache = true },
            Replicas = [.. replicas.Select(url => new ReplicaAddress(url, null, 1))],
            CreatedAt = DateTimeOffset.UnixEpoch,
        };

    public Task<HttpResponseMessage> AskAsync(
        string body,
        HttpCompletionOption until = HttpCompletionOption.ResponseContentRead
    ) =>
        Client.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json"),
            },
            until,
            TestContext.Current.CancellationToken
        );

    /// <summary>The closing lines so far, as <c>ending status</c>.</summary>
    public IEnumerable<string> Endings =>
        Logs.GetSnapshot()
            .Where(record => record.Id.Id == 1000)
            .Select(record => string.Join(' ', record.Message.Split(' ')[^2..]));

    /// <summary>The ledger, with every request that has ended in it.</summary>
    public async Task<LedgerDatabase> ReadLedgerAsync()
    {
        await _app.Services.GetRequiredService<UsageWriter>().FlushAsync(TestContext.Current.CancellationToken);
        return LedgerOf(_folder);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private static LedgerDatabase LedgerOf(TemporaryFolder folder) => new(folder.File("ledger.db"));

    /// <summary>A unit for a million prompt tokens, two for as many of an answer.</summary>
    private static KeyValuePair<Guid, TokenPrice> PriceOf(Deployment deployment) =>
        KeyValuePair.Create(deployment.Id, new TokenPrice(1_000_000, null, 2_000_000));

    private static KeyGrant Grant(string secret) =>
        new()
        {
            KeyId = Guid.NewGuid(),
            KeyName = "tests",
            Hash = ApiKeyHash.Of(Encoding.ASCII.GetBytes(secret)),
            WorkspaceId = Workspace,
            Workspace = "acme",
            Plan = "pro",
            RequestsPerMinute = 500,
            Burst = 50,
        };
}
