using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Penstock.Contracts;
using Penstock.Keys;
using Penstock.Management;
using Penstock.Metering;
using Penstock.Primitives;
using Penstock.Probing;
using Penstock.Registry;
using Penstock.Routing;
using Penstock.Routing.Explaining;
using Penstock.Storage;
using Penstock.Storage.Sqlite;
using Penstock.Tests.Registry;

namespace Penstock.Tests.Management;

/// <summary>The management API on real Kestrel over a real database, on ports of its own.</summary>
internal sealed class ManagementServer : IAsyncDisposable
{
    public const string Token = "a-token-for-tests-only";

    private readonly TemporaryFolder _folder = new();
    private readonly DataFolder _data;
    private readonly WebApplication _app;

    private ManagementServer(Dictionary<string, string?> settings, Dictionary<string, string> variables, string[] urls)
    {
        _data = DataFolder.Open(_folder.File("data"));
        var builder = WebApplication.CreateSlimBuilder();
        // Deployments of these tests name addresses at which nobody is to be asked.
        builder.Configuration["Probing:HealthSeconds"] = "0";
        builder.Configuration["Probing:LoadSeconds"] = "0";
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(urls);
        builder.Services.Configure<KeyOptions>(_ => { });
        builder.Services.AddSingleton(new EnvironmentVariables(variables.GetValueOrDefault));
        builder.Services.AddMetering(_data.File("ledger-spool"));
        builder.Services.AddPrimitives();
        builder.Services.AddModelRouting();
        builder.Services.AddProbing();
        builder
            .Services.AddStorage(_data)
            .AddSqliteStorage()
            .AddRegistry()
            .AddManagement(_data.File(AdminToken.FileName));
        _app = builder.Build();
        _app.MapManagement();
    }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public LiveRegistry Registry => _app.Services.GetRequiredService<LiveRegistry>();

    public Router Router => _app.Services.GetRequiredService<Router>();

    public Explanations Explanations => _app.Services.GetRequiredService<Explanations>();

    public IReadOnlyList<Uri> Addresses =>
        [
            .. _app
                .Services.GetRequiredService<IServer>()
                .Features.Get<IServerAddressesFeature>()!
                .Addresses.Select(address => new Uri(address)),
        ];

    public HttpClient Http { get; } = new();

    public ManagementClient Client { get; private set; } = null!;

    public UsageLedger Ledger => _app.Services.GetRequiredService<UsageLedger>();

    public string File(string name) => _data.File(name);

    public static async Task<ManagementServer> StartAsync(
        Dictionary<string, string?>? settings = null,
        string? token = Token,
        params string[] urls
    )
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["UPSTREAM_KEY"] = "sk-upstream" };
        if (token is not null)
        {
            variables[AdminToken.Variable] = token;
        }

        var server = new ManagementServer(settings ?? [], variables, urls.Length > 0 ? urls : ["http://127.0.0.1:0"]);
        await server._app.Services.GetRequiredService<IUsageStore>().OpenAsync(Stop);
        await server.Registry.OpenAsync(Stop);
        server.Registry.OnPublished(server.Follow);
        await server._app.StartAsync(Stop);
        server.Http.BaseAddress = server.Addresses[0];
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        server.Client = ManagementClient.Connect(server.Addresses[0], token ?? "none", TimeSpan.FromSeconds(100));
        return server;
    }

    private void Follow(PublishedRegistry published)
    {
        var router = _app.Services.GetRequiredService<Router>();
        router.Use(published.Deployments);
        _app.Services.GetRequiredService<EngineWatches>().Follow(router.Table);
    }

    /// <summary>Sends a JSON body as it stands.</summary>
    public async Task<(HttpResponseMessage Response, JsonElement Body)> SendAsync(
        HttpMethod method,
        string path,
        string? json = null,
        string? ifMatch = null,
        string contentType = "application/json"
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        var response = await Http.SendAsync(request, Stop);
        var text = await response.Content.ReadAsStringAsync(Stop);
        return (response, text.Length > 0 ? JsonElement.Parse(text) : default);
    }

    /// <summary>Status, code and param of a refusal, and its message.</summary>
    public async Task<(int Status, string? Code, string? Param, string Message)> RefusalAsync(
        HttpMethod method,
        string path,
        string? json = null,
        string? ifMatch = null,
        string contentType = "application/json"
    )
    {
        var (response, body) = await SendAsync(method, path, json, ifMatch, contentType);
        var error = body.GetProperty("error");
        return (
            (int)response.StatusCode,
            error.GetProperty("code").GetString(),
            error.GetProperty("param").GetString(),
            error.GetProperty("message").GetString()!
        );
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Http.Dispose();
        await _app.DisposeAsync();
        _data.Dispose();
        _folder.Dispose();
    }
}
