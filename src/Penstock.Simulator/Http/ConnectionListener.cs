using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Penstock.Simulator.Engine;

namespace Penstock.Simulator.Http;

/// <summary>Accepts connections and knows which are open, so that all of them end with the server.</summary>
internal sealed class ConnectionListener(
    EngineState engine,
    IRequestHandler handler,
    HeadWriter heads,
    int port,
    bool isCounted
) : IAsyncDisposable
{
    // Benchmarks open thousands of connections at once; the kernel bounds it to its own maximum.
    private const int Backlog = 4096;

    private readonly ConcurrentDictionary<Connection, Task> _open = new();
    private readonly TaskCompletionSource _completion = new();
    private readonly Lock _sync = new();
    private Socket? _socket;
    private Task _accepting = Task.CompletedTask;
    private bool _isDisposed;

    public int Port { get; private set; } = port;

    /// <summary>Ends when the server no longer accepts, for good.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Takes the port: until <see cref="Accept"/> connections to it are refused.</summary>
    public void Bind()
    {
        _socket = new Socket(engine.Options.Host.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _socket.Bind(new IPEndPoint(engine.Options.Host, Port));
        Port = ((IPEndPoint)_socket.LocalEndPoint!).Port;
    }

    public void Accept()
    {
        lock (_sync)
        {
            if (!_isDisposed && _accepting.IsCompleted)
            {
                _socket!.Listen(Backlog);
                _accepting = AcceptAsync(_socket);
            }
        }
    }

    /// <summary>Connections are refused until <see cref="Accept"/>; those that are open stay.</summary>
    public async Task RefuseAsync()
    {
        lock (_sync)
        {
            if (_isDisposed || _accepting.IsCompleted)
            {
                return;
            }

            _socket!.Dispose();
        }

        await _accepting;
        lock (_sync)
        {
            if (!_isDisposed)
            {
                // A socket that listens cannot be told to stop, so another holds the port and does not begin.
                Bind();
            }
        }
    }

    /// <summary>Resets every connection but the one of this exchange.</summary>
    public void ResetAll(Exchange? spared)
    {
        foreach (var connection in _open.Keys)
        {
            connection.Reset(spared);
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_sync)
        {
            _isDisposed = true;
            _socket?.Dispose();
        }

        await _accepting;
        foreach (var connection in _open.Keys)
        {
            connection.Abort();
        }

        await Task.WhenAll(_open.Values);
        _completion.TrySetResult();
    }

    private async Task AcceptAsync(Socket socket)
    {
        // Off the caller's thread from the first connection on.
        await Task.Yield();
        while (true)
        {
            try
            {
                var client = await socket.AcceptAsync();
                client.NoDelay = true;
                Serve(client);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
                when (e.SocketErrorCode is SocketError.OperationAborted or SocketError.Interrupted)
            {
                return;
            }
            catch (SocketException)
            {
                // The client was gone before it was accepted.
            }
        }
    }

    private void Serve(Socket client)
    {
        var connection = new Connection(
            client,
            handler,
            engine.Wheel,
            heads,
            engine.Options.KeepAlive ?? TimeSpan.Zero,
            engine.Options.LargestBody ?? HttpLimits.Body,
            Closed
        );
        if (isCounted)
        {
            engine.Counters.Opened();
        }

        // Noted before it runs, so that it cannot end unnoted.
        var start = new TaskCompletionSource();
        _open[connection] = RunAsync(connection, start.Task);
        start.SetResult();
    }

    private async Task RunAsync(Connection connection, Task start)
    {
        await start;
        // Off the accepting thread.
        await Task.Yield();
        try
        {
            await connection.RunAsync();
        }
        finally
        {
            _open.TryRemove(connection, out _);
        }
    }

    private void Closed()
    {
        if (isCounted)
        {
            engine.Counters.Closed();
        }
    }
}
