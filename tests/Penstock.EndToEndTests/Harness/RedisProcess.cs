using System.Globalization;

namespace Penstock.EndToEndTests.Harness;

/// <summary>A redis-server of the test's own, which keeps nothing on disk; killed and started again at one port.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly IReadOnlyList<string> _settings;
    private ChildProcess? _process;

    private RedisProcess(IReadOnlyList<string> settings) => _settings = settings;

    public int Port { get; } = FreePort.Take();

    /// <param name="settings">As on its command line: a password, and that nothing is kept.</param>
    public static async Task<RedisProcess> StartAsync(IReadOnlyList<string> settings)
    {
        var redis = new RedisProcess(settings);
        await redis.StartAgainAsync();
        return redis;
    }

    public async Task StartAgainAsync()
    {
        var port = Port.ToString(CultureInfo.InvariantCulture);
        string[] where = ["--port", port, "--bind", "127.0.0.1", "--dir", _folder.Path];
        _process = ChildProcess.Start("redis-server", [.. where, .. _settings]);
        await _process.Output.LineAsync(
            line => line.Contains("Ready to accept connections", StringComparison.Ordinal),
            "redis-server is ready"
        );
    }

    /// <summary>A sorted set: its members and their scores.</summary>
    public async Task<IReadOnlyDictionary<string, double>> ScoresAsync(string key)
    {
        var password = _settings[_settings.ToList().IndexOf("--requirepass") + 1];
        string[] where = ["-h", "127.0.0.1", "-p", $"{Port}", "-a", password, "--no-auth-warning"];
        var result = await ChildProcess.RunAsync("redis-cli", [.. where, "ZRANGE", key, "0", "-1", "WITHSCORES"]);
        return result
            .Expect(0)
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Chunk(2)
            .ToDictionary(
                pair => pair[0],
                pair => double.Parse(pair[1], CultureInfo.InvariantCulture),
                StringComparer.Ordinal
            );
    }

    public async Task KillAsync()
    {
        await _process!.DisposeAsync();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await (_process?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Dispose();
    }
}
