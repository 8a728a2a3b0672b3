using System.Globalization;

namespace Penstock.EndToEndTests.Harness;

/// <summary>A redis-server of the test's own, which keeps nothing on disk; killed and started again at one port.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly int _port = FreePort.Take();
    private ChildProcess? _process;

    /// <summary>What <c>--redis</c> names.</summary>
    public string Address => $"127.0.0.1:{_port}";

    public static async Task<RedisProcess> StartAsync()
    {
        var redis = new RedisProcess();
        await redis.StartAgainAsync();
        return redis;
    }

    public async Task StartAgainAsync()
    {
        var port = _port.ToString(CultureInfo.InvariantCulture);
        string[] where = ["--port", port, "--bind", "127.0.0.1", "--dir", _folder.Path];
        _process = ChildProcess.Start("redis-server", [.. where, "--save", "", "--appendonly", "no"]);
        await _process.Output.LineAsync(
            line => line.Contains("Ready to accept connections", StringComparison.Ordinal),
            "redis-server is ready"
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
