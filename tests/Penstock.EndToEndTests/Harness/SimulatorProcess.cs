using System.Text.Json.Nodes;

namespace Penstock.EndToEndTests.Harness;

/// <summary>The engine simulator as a process of its own.</summary>
internal sealed class SimulatorProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly HttpClient _http;

    private SimulatorProcess(ChildProcess process, int port)
    {
        _process = process;
        Url = $"http://127.0.0.1:{port}";
        _http = new HttpClient { BaseAddress = new Uri(Url), Timeout = TimeSpan.FromSeconds(30) };
    }

    public string Url { get; }

    public static async Task<SimulatorProcess> StartAsync(params string[] arguments)
    {
        var port = FreePort.Take();
        var process = ChildProcess.Start("dotnet", [Built.Penstock, "simulate", "--port", $"{port}", .. arguments]);
        var simulator = new SimulatorProcess(process, port);
        await Until.TrueAsync(simulator.IsUpAsync, "the simulator", () => process.Output.ToString());
        return simulator;
    }

    public async Task<JsonObject> CountersAsync() =>
        JsonNode.Parse(await _http.GetStringAsync(new Uri("/sim/counters", UriKind.Relative)))!.AsObject();

    public async Task<long> CountAsync(string counter)
    {
        var counters = await CountersAsync();
        return counters[counter]?.GetValue<long>()
            ?? throw new InvalidOperationException($"No counter {counter} in {counters.ToJsonString()}");
    }

    /// <summary>Waits until a counter has reached a value.</summary>
    public Task ReachesAsync(string counter, long value) =>
        Until.TrueAsync(async () => await CountAsync(counter) >= value, $"{counter} to reach {value}");

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _http.Dispose();
    }

    private async Task<bool> IsUpAsync()
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"The simulator has ended.\n{_process.Output}");
        }

        try
        {
            using var answer = await _http.GetAsync(new Uri("/health", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
