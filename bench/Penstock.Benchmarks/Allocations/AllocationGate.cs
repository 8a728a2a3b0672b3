using System.Globalization;
using System.Text.Json;
using Penstock.Benchmarks.Gateways;

namespace Penstock.Benchmarks.Allocations;

/// <summary>
/// Compares what is allocated with <c>allocations.json</c>. Bytes are the same on a busy machine and on a quiet one,
/// so this can fail a build where a time could not.
/// </summary>
internal static class AllocationGate
{
    public static async Task<int> RunAsync(TextWriter output)
    {
        var limits = ReadLimits();
        var measured = new Dictionary<string, double>(HotMethods.Measure(), StringComparer.Ordinal);
        await using (var pair = await GatewayAndPlainServer.StartAsync())
        {
            foreach (var (name, bytes) in WholeRequests.Measure(pair))
            {
                measured[name] = bytes;
            }
        }

        var failed = 0;
        await output.WriteLineAsync($"{"bytes allocated", -24}{"measured", 12}{"limit", 12}");
        foreach (var (name, limit) in limits)
        {
            var bytes = measured.TryGetValue(name, out var found) ? found : double.NaN;
            var holds = bytes <= limit + Noise(limit);
            failed += holds ? 0 : 1;
            await output.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name, -24}{bytes, 12:0.0}{limit, 12}{(holds ? "" : "  TOO MUCH")}"
                )
            );
        }
        foreach (var name in measured.Keys.Except(limits.Keys, StringComparer.Ordinal))
        {
            failed++;
            await output.WriteLineAsync($"{name} has no limit in allocations.json");
        }
        return failed == 0 ? 0 : 1;
    }

    // A timer or a tier of compilation may allocate once within a thousand calls; a real allocation takes 24 bytes.
    private static double Noise(double limit) => limit == 0 ? 2 : 0;

    private static Dictionary<string, double> ReadLimits()
    {
        using var file = typeof(AllocationGate).Assembly.GetManifestResourceStream("allocations.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, double>>(file)!;
    }
}
