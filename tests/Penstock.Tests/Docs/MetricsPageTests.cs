using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Penstock.Tests.Architecture;

namespace Penstock.Tests.Docs;

public sealed class MetricsPageTests
{
    [Fact]
    public void The_table_of_instruments_is_the_code_s()
    {
        var page = MarkdownTable.Read("metrics.md", "| instrument | kind | unit |");

        Assert.Equal(
            Instruments().Order(StringComparer.Ordinal),
            page.Select(row => string.Join(" | ", row[0], row[1], row[2], row[4])).Order(StringComparer.Ordinal)
        );
    }

    private static List<string> Instruments()
    {
        var found = new List<string>();
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            // Other tests of this process have meters of their own.
            if (instrument.Meter.Scope == services.GetRequiredService<IMeterFactory>())
            {
                found.Add($"{instrument.Name} | {KindOf(instrument)} | {instrument.Unit} | {instrument.Description}");
            }
        };
        listener.Start();
        foreach (
            var metrics in OurAssemblies
                .Server.WrittenTypes()
                .Where(type => type.Name.EndsWith("Metrics", StringComparison.Ordinal))
        )
        {
            ActivatorUtilities.CreateInstance(services, metrics);
        }

        return found;
    }

    private static string KindOf(Instrument instrument) =>
        instrument.GetType().Name.Split('`')[0] switch
        {
            "Counter" => "counter",
            "UpDownCounter" => "up-down counter",
            "Histogram" => "histogram",
            "Gauge" or "ObservableGauge" => "gauge",
            "ObservableCounter" => "counter",
            "ObservableUpDownCounter" => "up-down counter",
            var other => other,
        };
}
