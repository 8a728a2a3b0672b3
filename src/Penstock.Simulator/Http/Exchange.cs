using System.Net.Sockets;

namespace Penstock.Simulator.Http;

/// <summary>
/// One request's side of a connection: sends bytes, tells when the client goes, ends the connection.
/// </summary>
internal sealed class Exchange(Socket socket, ConnectionInput input, HeadWriter heads, ByteBuffer output, Action closed)
{
    private Action? _gone;
    private volatile bool _isAbandoned;

    /// <summary>Scratch for what is sent; empty between sends.</summary>
    public ByteBuffer Output { get; } = output;

    public HeadWriter Heads { get; } = heads;

    public bool IsHttp11 { get; set; } = true;

    /// <summary>Whether another request may follow on this connection.</summary>
    public bool KeepAlive { get; set; } = true;

    /// <summary>Calls back once when the client closes or resets, until the exchange is over.</summary>
    public void WatchClient(Action onGone)
    {
        _gone = onGone;
        input.Watch(onGone);
    }

    public void UnwatchClient()
    {
        _gone = null;
        input.Unwatch();
    }

    /// <returns>False when the client is gone.</returns>
    public async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        if (_isAbandoned)
        {
            return true;
        }

        try
        {
            while (bytes.Length > 0)
            {
                bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None)..];
            }

            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            KeepAlive = false;
            _gone?.Invoke();
            return _isAbandoned;
        }
    }

    public async ValueTask<bool> SendOutputAsync()
    {
        var sent = await SendAsync(Output.Memory);
        Output.Clear();
        return sent;
    }

    public ValueTask<bool> ReplyAsync(HttpReply reply, bool withBody)
    {
        Heads.Write(
            Output,
            reply.Status,
            reply.ContentType,
            $"content-length: {reply.Body.Length}\r\n",
            KeepAlive,
            reply.Headers
        );
        if (withBody)
        {
            Output.Add(reply.Body.Span);
        }

        return SendOutputAsync();
    }

    /// <summary>
    /// The client has gone: closes, and from now on sends into the void, for an engine that goes on all the same.
    /// </summary>
    public void Abandon()
    {
        _isAbandoned = true;
        Close();
        closed();
    }

    /// <summary>Closes at once, waking a send that the client does not take.</summary>
    private void Close()
    {
        KeepAlive = false;
        socket.Dispose();
    }

    /// <summary>Closes with a reset, so that the client sees an error and not an end.</summary>
    public void Reset()
    {
        KeepAlive = false;
        Reset(socket);
    }

    public static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The client was faster.
        }

        socket.Dispose();
    }

    /// <summary>Ends the answer's direction in order: what was sent arrives, then the end.</summary>
    public void Finish()
    {
        KeepAlive = false;
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The client was faster.
        }
    }
}
