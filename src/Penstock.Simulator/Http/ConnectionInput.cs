using System.Net.Sockets;

namespace Penstock.Simulator.Http;

/// <summary>
/// The receiving side of one connection. While an answer is being made a receive stays outstanding, so that the
/// client's going away is seen at once; bytes that come then belong to the next request and are kept.
/// </summary>
internal sealed class ConnectionInput(Socket socket)
{
    // Most requests' heads and small bodies; thousands of connections must not cost a largest head each.
    private byte[] _buffer = new byte[4096];
    private readonly Lock _sync = new();
    private int _start;
    private int _end;
    private bool _isWatching;
    private Task<bool>? _watch;
    private Action? _gone;

    public ReadOnlyMemory<byte> Available => _buffer.AsMemory(_start, Volatile.Read(ref _end) - _start);

    /// <summary>Whether it holds as much as a head may have.</summary>
    public bool IsFull => Available.Length >= HttpLimits.Head;

    public void Consume(int count) => _start += count;

    /// <summary>Calls back once if the client closes or resets before <see cref="Unwatch"/>.</summary>
    public void Watch(Action onGone)
    {
        lock (_sync)
        {
            _gone = onGone;
            if (_isWatching)
            {
                return;
            }

            MakeRoom();
            _isWatching = _end < _buffer.Length;
        }

        if (_isWatching)
        {
            _watch = WatchAsync();
        }
    }

    public void Unwatch()
    {
        lock (_sync)
        {
            _gone = null;
        }
    }

    /// <summary>More bytes into <see cref="Available"/>; false at the end of the input.</summary>
    public async ValueTask<bool> FillAsync()
    {
        if (_watch is { } pending)
        {
            var more = await pending;
            _watch = null;
            return more;
        }

        MakeRoom();
        var count = await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None);
        _end += count;
        return count > 0;
    }

    /// <summary>Exactly this many bytes, from what is here and then straight from the socket.</summary>
    public async ValueTask ReadExactlyAsync(Memory<byte> target)
    {
        while (target.Length > 0)
        {
            var here = Available;
            if (here.Length > 0)
            {
                var part = Math.Min(target.Length, here.Length);
                here[..part].CopyTo(target);
                Consume(part);
                target = target[part..];
            }
            else if (_watch is not null)
            {
                await FillOrThrowAsync();
            }
            else
            {
                var count = await socket.ReceiveAsync(target, SocketFlags.None);
                target = count > 0 ? target[count..] : throw Ended();
            }
        }
    }

    public async ValueTask FillOrThrowAsync()
    {
        if (!await FillAsync())
        {
            throw Ended();
        }
    }

    private static SocketException Ended() => new((int)SocketError.ConnectionReset);

    private async Task<bool> WatchAsync()
    {
        try
        {
            while (true)
            {
                var count = await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None);
                lock (_sync)
                {
                    Volatile.Write(ref _end, _end + count);
                    if (_gone is not null)
                    {
                        // Nobody else looks at the buffer while an answer is being made.
                        MakeRoom();
                    }

                    _isWatching = count > 0 && _gone is not null && _end < _buffer.Length;
                    if (count > 0 && !_isWatching)
                    {
                        return true;
                    }
                }

                if (count == 0)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // A reset is a going away like any other: the callback below is the answer to both.
        }

        Action? callback;
        lock (_sync)
        {
            _isWatching = false;
            (callback, _gone) = (_gone, null);
        }

        callback?.Invoke();
        return false;
    }

    /// <summary>Never under a pending receive, which writes into the buffer.</summary>
    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length && _end < HttpLimits.Head)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }
}
