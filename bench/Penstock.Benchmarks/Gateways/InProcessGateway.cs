using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Penstock.Hosting;
using Penstock.Observability;
using Penstock.Storage;

namespace Penstock.Benchmarks.Gateways;

/// <summary>The whole gateway in this process, with every feature on, so that its allocations can be counted.</summary>
internal sealed class InProcessGateway(WebApplication app, DataFolder folder, BenchFiles files) : IAsyncDisposable
{
    public Uri Url => new(app.Urls.First());

    public IServiceProvider Services => app.Services;

    public static async Task<InProcessGateway> StartAsync(Uri engine)
    {
        Environment.SetEnvironmentVariable(BenchFiles.KeyVariable, BenchFiles.Key);
        var files = new BenchFiles([(BenchFiles.Model, engine)]);
        var settings = new ServeSettings(
            "http://127.0.0.1:0",
            AdminUrls: null,
            files.Data,
            files.Config,
            Upstreams: [],
            Discovery: false
        );
        var folder = DataFolder.Open(settings.Data);
        var builder = Gateway.CreateBuilder(
            settings,
            folder,
            [
                // Probes are calls of their own: they would be counted with the requests.
                "Probing:AtRegistration=false",
                "Probing:HealthSeconds=0",
                "Probing:LoadSeconds=0",
                // Rows are handed over as always; SQLite writes them behind the requests, some 4.5 KB allocated a row.
                "Ledger:FlushMilliseconds=60000",
            ]
        );
        // The closing line is made and handed over as always; only the last write goes nowhere.
        builder.Services.AddSingleton(new LogOutput(Stream.Null));
        builder.WebHost.UseUrls(settings.Urls);
        var app = builder.Build();
        app.MapFeatures();
        var output = Console.Out;
        Console.SetOut(TextWriter.Null);
        await app.Services.GetRequiredService<Opening>().RunAsync(app, CancellationToken.None);
        Console.SetOut(output);
        return new InProcessGateway(app, folder, files);
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        folder.Dispose();
        files.Dispose();
    }
}
