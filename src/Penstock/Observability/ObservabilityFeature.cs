using OpenTelemetry.Metrics;
using Penstock.Primitives;

namespace Penstock.Observability;

/// <summary>Log output and the metrics endpoint.</summary>
internal static class ObservabilityFeature
{
    public static void AddObservability(this WebApplicationBuilder builder)
    {
        builder.Services.AddSection<LogOptions>(LogOptions.Section);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(_ => new LogOutput(Console.OpenStandardOutput()));
        builder.Services.AddSingleton<ILoggerProvider, OutputLoggerProvider>();
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        // Its log scope is never written, and costs every request an activity with strings and a context of its own.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // A start that fails is told once, in the front door's words.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder
            .Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter("Penstock.*").AddMeter("System.Runtime").AddPrometheusExporter());
    }

    public static void MapObservability(this WebApplication app) => app.MapPrometheusScrapingEndpoint("/metrics");
}
