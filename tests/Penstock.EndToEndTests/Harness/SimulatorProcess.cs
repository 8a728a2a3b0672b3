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

    /// <summary>What goes wrong from now on, in the simulator's own words; an empty text ends all faults.</summary>
    public Task FaultsAsync(string faults) => PostAsync("/sim/faults", faults);

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
            // Its own route: health is the dialect's, and not every one has it there.
            using var answer = await _http.GetAsync(new Uri("/sim/counters", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
