using System.Net.Sockets;
using Penstock.Simulator.Pacing;

namespace Penstock.Simulator.Http;

/// <summary>One client's connection: request after request, until either side has enough.</summary>
internal sealed class Connection(
    Socket socket,
    IRequestHandler handler,
    TimerWheel wheel,
    HeadWriter heads,
    TimeSpan keepAlive,
    long largestBody,
    Action onClosed
)
{
    // A client that is still sending what was refused is listened to for so much longer, or it would see a reset
    // before it reads the refusal.
    private const int Drain = 4 * 1024 * 1024;
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(1);

    private readonly ByteBuffer _output = new(1024);
    private readonly ConnectionInput _input = new(socket);
    private Exchange? _exchange;
    private int _isClosed;

    public void Abort() => socket.Dispose();

    /// <summary>Ends with a reset, unless it is the one that this exchange stands on.</summary>
    public void Reset(Exchange? spared)
    {
        if (_exchange is null || _exchange != spared)
        {
            Exchange.Reset(socket);
        }
    }

    public async Task RunAsync()
    {
        var idle = new IdleTimeout(wheel, keepAlive, EndInput);
        try
        {
            var reader = new RequestReader(_input, largestBody, ContinueAsync);
            for (var isFirst = true; ; isFirst = false)
            {
                if (!isFirst && _input.Available.IsEmpty)
                {
                    idle.Start();
                    var more = await _input.FillAsync();
                    idle.Stop();
                    if (!more)
                    {
                        return;
                    }
                }

                if (!await ServeAsync(reader))
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Clients come and go.
        }
        finally
        {
            idle.Stop();
            End(SocketShutdown.Send);
            socket.Dispose();
            Closed();
        }
    }

    /// <summary>Told once, and at once when the client goes, though an engine that lags may still be busy for it.</summary>
    private void Closed()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            onClosed();
        }
    }

    private async ValueTask<bool> ServeAsync(RequestReader reader)
    {
        var exchange = _exchange = new Exchange(socket, _input, heads, _output, Closed);
        try
        {
            if (await reader.ReadHeadAsync() is not { } head)
            {
                return false;
            }

            var body = await reader.ReadBodyAsync(head);
            var request = new HttpRequest(head.Method, head.Target, head.IsHttp10, head.Headers, head.Bytes, body);
            (exchange.KeepAlive, exchange.IsHttp11) = (request.KeepAlive, !request.IsHttp10);
            await handler.HandleAsync(request, exchange);
        }
        catch (BadRequestException e)
        {
            exchange.KeepAlive = false;
            await exchange.ReplyAsync(handler.Malformed(e), withBody: true);
        }
        catch (Exception e) when (e is not SocketException and not ObjectDisposedException)
        {
            // A mistake of ours: said where it can be seen, and never taken for a whole answer.
            exchange.Output.Clear();
            exchange.KeepAlive = false;
            await exchange.ReplyAsync(handler.Failed(e), withBody: true);
        }

        if (!exchange.KeepAlive)
        {
            exchange.Finish();
            await DrainAsync();
        }

        return exchange.KeepAlive;
    }

    private async ValueTask ContinueAsync() =>
        await socket.SendAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), SocketFlags.None);

    /// <summary>Lets a pending receive end as if the client had closed.</summary>
    private void EndInput() => End(SocketShutdown.Receive);

    /// <summary>
    /// Ends one direction in order. Disposing a socket under a pending receive without that would reset the connection
    /// and throw away what the client has not read yet.
    /// </summary>
    private void End(SocketShutdown direction)
    {
        try
        {
            socket.Shutdown(direction);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The client was faster.
        }
    }

    private async ValueTask DrainAsync()
    {
        var limit = new IdleTimeout(wheel, DrainTime, EndInput);
        limit.Start();
        for (long drained = 0; drained < Drain && await _input.FillAsync(); )
        {
            drained += _input.Available.Length;
            _input.Consume(_input.Available.Length);
        }

        limit.Stop();
    }
}
