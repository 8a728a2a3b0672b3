using System.Net;
using System.Net.Sockets;

namespace Penstock.EndToEndTests.Harness;

/// <summary>Stands before a server on loopback, and at a word passes nothing on: connections stay, bytes do not come.</summary>
internal sealed class StallingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _port;
    private readonly Task _accepting;
    private volatile TaskCompletionSource _open = Opened();

    public StallingProxy(int port)
    {
        _port = port;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Connection => $"{_listener.LocalEndpoint}";

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Stall() => _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was held back comes late, as after a long pause of the network.</summary>
    public void GoOn() => _open.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync(_end.Token);
            _ = RelayAsync(client);
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient { NoDelay = true };
        near.NoDelay = true;
        await far.ConnectAsync(IPAddress.Loopback, _port, _end.Token);
        await Task.WhenAny(CopyAsync(near, far), CopyAsync(far, near));
    }

    private async Task CopyAsync(TcpClient from, TcpClient to)
    {
        var bytes = new byte[16 * 1024];
        while (await from.GetStream().ReadAsync(bytes, _end.Token) is var count and > 0)
        {
            await _open.Task.WaitAsync(_end.Token);
            await to.GetStream().WriteAsync(bytes.AsMemory(0, count), _end.Token);
        }
    }

    private static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        opened.SetResult();
        return opened;
    }
}
