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
        builder.Services.AddSingleton<ILoggerProvider, OutputLoggerProvider>();
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        builder
            .Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter("Penstock.*").AddMeter("System.Runtime").AddPrometheusExporter());
    }

    public static void MapObservability(this WebApplication app) => app.MapPrometheusScrapingEndpoint("/metrics");
}
