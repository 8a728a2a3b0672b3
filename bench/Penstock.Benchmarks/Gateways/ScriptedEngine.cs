using System.Net;
using System.Net.Sockets;

namespace Penstock.Benchmarks.Gateways;

/// <summary>
/// An engine on blocking sockets that allocates nothing: a JSON answer to each request, or a stream whose chunks are
/// let out one by one.
/// </summary>
internal sealed class ScriptedEngine : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly SemaphoreSlim _turns = new(0);

    public ScriptedEngine()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Start("engine", Accept);
    }

    public Uri Url => new($"http://{_listener.LocalEndPoint}");

    /// <summary>Chunks of the next streams before their last one.</summary>
    public int Chunks { get; set; }

    /// <summary>Lets out one chunk of the stream under way.</summary>
    public void Go() => _turns.Release();

    public void Dispose()
    {
        _listener.Dispose();
        _turns.Dispose();
    }

    private void Accept()
    {
        try
        {
            while (true)
            {
                var connection = _listener.Accept();
                connection.NoDelay = true;
                Start("engine connection", () => Serve(connection));
            }
        }
        catch (SocketException)
        {
            // Disposed.
        }
    }

    private void Serve(Socket connection)
    {
        var buffer = new byte[2 << 20];
        try
        {
            while (RequestOnWire.Read(connection, buffer, out var length))
            {
                if (buffer.AsSpan(0, length).IndexOf("\"stream\":true"u8) >= 0)
                {
                    Stream(connection);
                }
                else
                {
                    connection.Send(EngineAnswers.Json);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The other side went away.
        }
        finally
        {
            connection.Dispose();
        }
    }

    private void Stream(Socket connection)
    {
        connection.Send(EngineAnswers.StreamHead);
        for (var chunk = 0; chunk < Chunks; chunk++)
        {
            _turns.Wait();
            connection.Send(EngineAnswers.Chunk);
        }
        _turns.Wait();
        connection.Send(EngineAnswers.StreamEnd);
    }

    private static void Start(string name, ThreadStart run) =>
        new Thread(run) { IsBackground = true, Name = name }.Start();
}
