using System.Text.Json.Nodes;

namespace Penstock.EndToEndTests.Harness;

/// <summary>The engine simulator as a process of its own.</summary>
internal sealed class SimulatorProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly HttpClient _http;

    private SimulatorProcess(ChildProcess process, int port, int control)
    {
        _process = process;
        Url = $"http://127.0.0.1:{port}";
        // Asked by a door of its own: an engine that dies resets every connection it has, this one's too.
        _http = new HttpClient
        {
            BaseAddress = new Uri($"http://127.0.0.1:{control}"),
            Timeout = TimeSpan.FromSeconds(30),
        };
        // The door closes idle connections as engines do; a question that meets that is not asked again by itself.
        _http.DefaultRequestHeaders.ConnectionClose = true;
    }

    public string Url { get; }

    public static async Task<SimulatorProcess> StartAsync(params string[] arguments)
    {
        var (port, control) = (FreePort.Take(), FreePort.Take());
        var process = ChildProcess.Start(
            "dotnet",
            [Built.Penstock, "simulate", "--port", $"{port}", "--control-port", $"{control}", .. arguments]
        );
        var simulator = new SimulatorProcess(process, port, control);
        await Until.TrueAsync(simulator.IsUpAsync, "the simulator", () => process.Output.ToString());
        return simulator;
    }

    public Task<JsonObject> CountersAsync() => GetAsync("/sim/counters");

    /// <summary>Whatever else the simulator tells of itself.</summary>
    public async Task<JsonObject> GetAsync(string path) =>
        JsonNode.Parse(await _http.GetStringAsync(new Uri(path, UriKind.Relative)))!.AsObject();

    public async Task<long> CountAsync(string counter)
    {
        var counters = await CountersAsync();
        return counters[counter]?.GetValue<long>()
            ?? throw new InvalidOperationException($"No counter {counter} in {counters.ToJsonString()}");
    }

    /// <summary>What goes wrong from now on, in the simulator's own words; an empty text ends all faults.</summary>
    public Task FaultsAsync(string faults) => PostAsync("/sim/faults", faults);

    /// <summary>Forgets what was counted so far, the harness's own questions too.</summary>
    public Task ForgetAsync() => PostAsync("/sim/reset", "");

    /// <summary>The engine dies: every connection is reset, every generation forgotten.</summary>
    /// <param name="down">How long it refuses new ones, as the simulator spells it; null: it is back at once.</param>
    public Task DieAsync(string? down = null) =>
        PostAsync(down is null ? "/sim/die" : $"/sim/die?refuse&for={down}", "");

    /// <summary>Waits until a counter has reached a value.</summary>
    public Task ReachesAsync(string counter, long value) =>
        Until.TrueAsync(async () => await CountAsync(counter) >= value, $"{counter} to reach {value}");

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _http.Dispose();
    }

    private async Task PostAsync(string path, string body)
    {
        using var content = new StringContent(body);
        using var answer = await _http.PostAsync(new Uri(path, UriKind.Relative), content);
        answer.EnsureSuccessStatusCode();
    }

    private async Task<bool> IsUpAsync()
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"The simulator has ended.\n{_process.Output}");
        }

        try
        {
            // At the engine's own door, by the simulator's route: health is the dialect's, and not every one has it there.
            using var answer = await _http.GetAsync(new Uri($"{Url}/sim/counters"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
