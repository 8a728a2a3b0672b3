using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Penstock.Primitives;
using Penstock.Transport.Epoll;

namespace Penstock.Transport.Plain;

/// <summary>
/// A caller's connection for as long as its requests are plain: they are answered one after the other, on its event
/// loop. The first that is not plain goes to the framework, unread, and the connection with it.
/// </summary>
internal sealed class PlainConnection : IBeating, IPeerWatch
{
    private readonly PlainRoute _route;
    private readonly PlainPace _pace;
    private readonly PlainConnections _all;
    private readonly TimeProvider _time;
    private readonly LoopSocket _socket;
    private readonly HandOver _handOver;
    private PlainExchange? _exchange;
    private PooledBytes _ahead;
    private volatile bool _isIdle;
    private volatile bool _leaves;

    /// <summary>Requests so far: one that is as many at the next beat has been idle all the time.</summary>
    private int _served;

    // The heartbeat's own.
    private int _servedAtBeat = -1;
    private long _idleSince;

    public PlainConnection(PlainConnections all, LoopSocket socket, HandOver handOver)
    {
        (_all, _route, _pace, _time, _socket, _handOver) = (all, all.Route, all.Pace, all.Time, socket, handOver);
        _socket.Watch = this;
    }

    public async Task ServeAsync()
    {
        var next = NextRequest.Over;
        try
        {
            var goesOn = true;
            while (goesOn)
            {
                if (_ahead.Length == 0 && !_leaves)
                {
                    _isIdle = true;
                    await _socket.WaitReadable();
                }

                next = _ahead.Length > 0 ? Take() : TryRead();
                goesOn = next == NextRequest.Awaited;
                if (next == NextRequest.Plain)
                {
                    await _route.AnswerAsync(Begun());
                    goesOn = await _exchange!.EndAsync();
                }
            }
        }
        catch (Exception e) when (e is SocketException or ConnectionResetException or BadHttpRequestException)
        {
            // Whoever was to be told has left, or is not worth waiting for.
        }
        finally
        {
            _all.Remove(this);
            End(next);
        }
    }

    /// <summary>No further request is taken; one that is being answered is answered.</summary>
    public void Leave()
    {
        _leaves = true;
        _exchange?.BeLast();
        // Always: it is remembered until somebody waits, and asking first whether anybody does would be a race.
        _socket.Nudge();
    }

    public void Abort()
    {
        if (_exchange is { } exchange)
        {
            exchange.Break();
        }
        else
        {
            _socket.Abort();
        }
    }

    void IPeerWatch.PeerLeft()
    {
        // Against the one in front of the first request: either sees what the other has written.
        Interlocked.MemoryBarrier();
        _exchange?.CallerLeft();
    }

    int IBeating.Place { get; set; } = -1;

    void IBeating.Beat(long now)
    {
        if (!_isIdle)
        {
            if (_exchange?.Beat(now) == true)
            {
                _socket.Nudge();
            }
        }
        else if (_served != _servedAtBeat)
        {
            (_servedAtBeat, _idleSince) = (_served, now);
        }
        else if (now - _idleSince > _pace.Idle)
        {
            Leave();
        }
    }

    private HttpContext Begun()
    {
        _served++;
        _isIdle = false;
        if (_socket.IsOver)
        {
            _exchange!.CallerLeft();
        }

        return _exchange!.Context;
    }

    private void End(NextRequest next)
    {
        _exchange?.Release();
        if (next == NextRequest.Other)
        {
            _socket.Watch = null;
            _handOver(_ahead.Span);
        }
        else
        {
            _socket.Shutdown();
            _socket.Dispose();
        }

        _ahead.Dispose();
    }

    private NextRequest TryRead()
    {
        // Head and body of a usual request come in one read, and are taken over at once.
        var room = ThreadRoom.Bytes;
        var read = _socket.TryReceive(room);
        return read > 0 ? Take(room[..read])
            : read == 0 || _leaves ? NextRequest.Over
            : NextRequest.Awaited;
    }

    /// <summary>Begins with what a caller sent ahead.</summary>
    private NextRequest Take()
    {
        var ahead = _ahead;
        _ahead = default;
        try
        {
            return Take(ahead.Span);
        }
        finally
        {
            ahead.Dispose();
        }
    }

    private NextRequest Take(ReadOnlySpan<byte> bytes)
    {
        if (_exchange is not { } exchange)
        {
            _exchange = exchange = CreateExchange();
            Interlocked.MemoryBarrier();
        }

        if (!exchange.Head.TryRead(bytes, _route.RequestLine, _route.LongestBody))
        {
            _ahead.Append(bytes);
            return NextRequest.Other;
        }

        var length = (int)Math.Min(exchange.Head.Length + exchange.Head.ContentLength, bytes.Length);
        _ahead.Append(bytes[length..]);
        exchange.Begin(bytes[..length], exchange.Head.Close || _leaves);
        return NextRequest.Plain;
    }

    private PlainExchange CreateExchange()
    {
        var body = new PlainBody(_socket, _pace, _time);
        var answer = new PlainAnswer(_socket, _all.Heads, _pace, _time);
        return new PlainExchange(_route, new PlainHead(), body, answer);
    }
}
