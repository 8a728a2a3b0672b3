using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Penstock.Simulator.Engine;

namespace Penstock.Simulator.Http;

/// <summary>Accepts connections and knows which are open, so that all of them end with the server.</summary>
internal sealed class ConnectionListener(EngineState engine, IRequestHandler handler, HeadWriter heads) : IAsyncDisposable
{
    // Benchmarks open thousands of connections at once; the kernel bounds it to its own maximum.
    private const int Backlog = 4096;

    private readonly Socket _socket = new(engine.Options.Host.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentDictionary<Connection, Task> _open = new();
    private Task _accepting = Task.CompletedTask;

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>Ends when the server no longer accepts.</summary>
    public Task Completion => _accepting;

    public void Start()
    {
        _socket.Bind(new IPEndPoint(engine.Options.Host, engine.Options.Port));
        _socket.Listen(Backlog);
        _accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _accepting;
        foreach (var connection in _open.Keys)
        {
            connection.Abort();
        }

        await Task.WhenAll(_open.Values);
    }

    private async Task AcceptAsync()
    {
        // Off the caller's thread from the first connection on.
        await Task.Yield();
        while (true)
        {
            try
            {
                var client = await _socket.AcceptAsync();
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
        var connection = new Connection(client, handler, engine.Wheel, heads, engine.Options.KeepAlive ?? TimeSpan.Zero);
        engine.Counters.Opened();
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
            engine.Counters.Closed();
            _open.TryRemove(connection, out _);
        }
    }
}
