using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Penstock.Tests.Storage.Redis;

/// <summary>
/// A real redis-server of the test's own: on loopback, in a temporary folder, forgetting everything when it ends. It can
/// be killed and started again on the same port.
/// </summary>
public sealed class RedisServer : IAsyncLifetime
{
    private const string Ready = "Ready to accept connections";
    private const int FirstPort = 10_000;
    private const int Ports = 10_000;

    private static int _next = Environment.ProcessId * 97 % Ports;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("penstock-redis-");
    private Process? _process;

    public int Port { get; private set; }

    /// <summary>In the form of StackExchange.Redis.</summary>
    public string Connection => $"127.0.0.1:{Port}";

    public async ValueTask InitializeAsync()
    {
        // Somebody may take the port between our look and the server's: then another one.
        for (var attempt = 0; attempt < 10; attempt++)
        {
            Port = TakePort();
            if (await TryStartAsync())
            {
                return;
            }
        }

        throw new InvalidOperationException("redis-server does not start: is the package redis-server installed?");
    }

    /// <summary>Ends it as a crash does.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Starts it again where it was, empty.</summary>
    public async Task StartAgainAsync() => Assert.True(await TryStartAsync(), "redis-server does not come back");

    public ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            Kill();
        }

        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task<bool> TryStartAsync()
    {
        var start = new ProcessStartInfo(
            "redis-server",
            ["--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", _folder.FullName]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start)!;
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains(Ready, StringComparison.Ordinal))
            {
                // Whatever else it says, so that it never waits for a reader.
                _ = _process.StandardOutput.ReadToEndAsync();
                return true;
            }
        }

        _process.Dispose();
        _process = null;
        return false;
    }

    private static int TakePort()
    {
        while (true)
        {
            var port = FirstPort + (int)((uint)Interlocked.Increment(ref _next) % Ports);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken: the next one.
            }
        }
    }
}
