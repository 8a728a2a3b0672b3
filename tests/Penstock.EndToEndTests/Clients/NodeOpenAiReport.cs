using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Clients;

/// <summary>One run of the <c>openai</c> library's script against a gateway and a simulator of its own.</summary>
public sealed class NodeOpenAiReport : IAsyncLifetime
{
    private readonly SimulatedGateway _gateway = new();

    internal JsonObject Report { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        await _gateway.InitializeAsync();
        var aborted = await _gateway.Simulator.CountAsync("aborted");
        Report = await NodeScenarios.RunAsync(_gateway, "openai.mjs");
        await _gateway.Simulator.ReachesAsync("aborted", aborted + 1);
    }

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();
}
