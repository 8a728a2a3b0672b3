using OpenTelemetry.Metrics;
using Penstock.Inference;

namespace Penstock.Observability;

/// <summary>Log output and the metrics endpoint.</summary>
internal static class ObservabilityFeature
{
    public static void AddObservability(this WebApplicationBuilder builder)
    {
        // One line an event; Logging:Console:FormatterName=json makes each a JSON object.
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        builder
            .Services.AddOpenTelemetry()
            .WithMetrics(metrics =>
                metrics.AddMeter(InferenceMetrics.MeterName).AddMeter("System.Runtime").AddPrometheusExporter()
            );
    }

    public static void MapObservability(this WebApplication app) => app.MapPrometheusScrapingEndpoint("/metrics");
}
