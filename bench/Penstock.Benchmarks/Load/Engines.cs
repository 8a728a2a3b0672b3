using Penstock.Simulator;

namespace Penstock.Benchmarks.Load;

/// <summary>Three pretend engines in this process, one for each pace.</summary>
internal sealed class Engines : IAsyncDisposable
{
    public const string Fast = "fast";
    public const string Paced = "paced";
    public const string Slow = "slow";

    private readonly Dictionary<string, SimulatorServer> _servers = new(StringComparer.Ordinal)
    {
        [Fast] = Start(Fast, ttft: 0, itl: 0, tokens: 16),
        // 50 tokens a second: what a good GPU gives one reader.
        [Paced] = Start(Paced, ttft: 50, itl: 20, tokens: 100),
        [Slow] = Start(Slow, ttft: 500, itl: 500, tokens: 16),
    };

    public IEnumerable<(string Model, Uri Url)> All => _servers.Select(server => (server.Key, server.Value.Url));

    public Uri Of(string model) => _servers[model].Url;

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values)
        {
            await server.DisposeAsync();
        }
    }

    private static SimulatorServer Start(string model, int ttft, int itl, int tokens) =>
        SimulatorServer.Start(
            new SimulatorOptions
            {
                Models = [model],
                Ttft = TimeSpan.FromMilliseconds(ttft),
                Itl = TimeSpan.FromMilliseconds(itl),
                AnswerTokens = tokens,
                RememberedRequests = 0,
                // Connections that wait between two rows are not what is measured.
                KeepAlive = TimeSpan.FromMinutes(1),
            }
        );
}
