using System.Globalization;
using System.Text.Json;
using Penstock.Benchmarks.Gateways;

namespace Penstock.Benchmarks.Load;

/// <summary>The published table, on this machine, in a few minutes: each row directly and through the gateway.</summary>
internal sealed class LoadTable(LoadOptions options, Engines engines, ServedGateway gateway, TextWriter output)
{
    private const int SmallPrompt = 300;

    public static async Task<int> RunAsync(string[] arguments, TextWriter output)
    {
        if (LoadOptions.Parse(arguments) is not { } options)
        {
            await output.WriteLineAsync(LoadOptions.Usage);
            return 2;
        }

        await using var engines = new Engines();
        await using var gateway = await ServedGateway.StartAsync(engines.All);
        await new LoadTable(options, engines, gateway, output).RunAsync();
        return 0;
    }

    private async Task RunAsync()
    {
        var idle = gateway.ResidentMegabytes;
        await Write($"Start to ready {gateway.StartUp.TotalSeconds:0.00} s, then {idle:0} MB resident.");
        await Write("");
        await Write(
            "| row | a second | CPU µs of the gateway, each | added p50 | added p99 | added first event p99 | failed |"
        );
        await Write("|---|---|---|---|---|---|---|");
        await JsonAsync($"JSON, {options.Connections} connections", SmallPrompt, options.Connections, 0);
        await JsonAsync($"JSON, {options.Rate} a second", SmallPrompt, 256, options.Rate);
        await JsonAsync("JSON, 32 KB prompts", 32 * 1024, 16, 0);
        await JsonAsync("JSON, 256 KB prompts", 256 * 1024, 16, 0);
        await StreamAsync($"{options.Streams} streams, 50 events a second each", Engines.Paced, options.Streams);
        var before = gateway.ResidentMegabytes;
        await StreamAsync($"{options.Many} streams, 2 events a second each", Engines.Slow, options.Many);
        await Write("");
        await Write(
            $"{(gateway.ResidentMegabytes - before) * 1024 / options.Many:0.0} KB a stream more than before that row."
        );
        await AbortAsync();
    }

    private async Task JsonAsync(string row, int prompt, int connections, int rate) =>
        await RowAsync(
            row,
            Bodies.Chat(prompt, stream: false, Engines.Fast),
            Engines.Fast,
            stream: false,
            connections,
            rate
        );

    private async Task StreamAsync(string row, string model, int streams) =>
        await RowAsync(row, Bodies.Chat(SmallPrompt, stream: true, model), model, stream: true, streams, rate: 0);

    private async Task RowAsync(string row, byte[] body, string model, bool stream, int connections, int rate)
    {
        var direct = await new LoadRun(engines.Of(model), body, stream).RunAsync(
            connections,
            rate,
            Counted,
            static () => { }
        );
        var cpu = new List<TimeSpan>();
        var through = await new LoadRun(gateway.Url, body, stream).RunAsync(
            connections,
            rate,
            Counted,
            () => cpu.Add(gateway.Cpu)
        );
        var count = stream ? through.Events : through.Latencies.Count;
        var each = (cpu[1] - cpu[0]).TotalMicroseconds / count;
        var pace = stream ? (direct.Gaps, through.Gaps) : (direct.Latencies, through.Latencies);
        await Write(
            $"| {row} | {count / Counted.TotalSeconds:0} | {each:0.0} | {Added(pace, 0.5)} | {Added(pace, 0.99)} "
                + $"| {(stream ? Added((direct.FirstEvents, through.FirstEvents), 0.99) : "–")} | {through.Failures} |"
        );
    }

    /// <summary>How long after the callers have gone the engine knows of the last one.</summary>
    private async Task AbortAsync()
    {
        using var counters = new HttpClient { BaseAddress = engines.Of(Engines.Slow) };
        var left = await AbortedAsync(counters);
        var body = Bodies.Chat(SmallPrompt, stream: true, Engines.Slow);
        var connections = Enumerable
            .Range(0, options.Aborts)
            .Select(_ => new LoadConnection(gateway.Url, body, stream: true))
            .ToList();
        foreach (var connection in connections)
        {
            await connection.ConnectAsync();
        }

        await Task.WhenAll(
            connections.Select(connection => connection.AskAsync(TimeProvider.System.GetTimestamp(), events: 2))
        );
        connections.ForEach(connection => connection.Dispose());
        var begin = TimeProvider.System.GetTimestamp();
        var seen = 0L;
        while (seen < options.Aborts && TimeProvider.System.GetElapsedTime(begin) < TimeSpan.FromSeconds(5))
        {
            seen = await AbortedAsync(counters) - left;
        }
        var took = TimeProvider.System.GetElapsedTime(begin);
        await Write(
            $"{options.Aborts} callers hang up at once: the engine has seen {seen} of them after {took.TotalMilliseconds:0} ms."
        );
    }

    private static async Task<long> AbortedAsync(HttpClient engine)
    {
        using var counters = JsonDocument.Parse(await engine.GetStringAsync("/sim/counters"));
        return counters.RootElement.GetProperty("aborted").GetInt64();
    }

    private TimeSpan Counted => TimeSpan.FromSeconds(options.Seconds);

    private static string Added((List<float> Direct, List<float> Through) pace, double share) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(LoadCounts.Percentile(pace.Through, share) - LoadCounts.Percentile(pace.Direct, share)) / 1000:+0.00;-0.00} ms"
        );

    private Task Write(FormattableString line) => output.WriteLineAsync(FormattableString.Invariant(line));

    private Task Write(string line) => output.WriteLineAsync(line);
}
