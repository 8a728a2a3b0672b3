using System.Net.Sockets;

namespace Penstock.Simulator.Http;

/// <summary>
/// The receiving side of one connection. While an answer is being made a receive stays outstanding, so that the
/// client's going away is seen at once; bytes that come then belong to the next request and are kept.
/// </summary>
internal sealed class ConnectionInput(Socket socket)
{
    // Most requests' heads and small bodies; thousands of connections must not cost a largest head each.
    private byte[] buffer = new byte[4096];
    private readonly Lock sync = new();
    private int start;
    private int end;
    private bool isWatching;
    private Task<bool>? watch;
    private Action? gone;

    public ReadOnlyMemory<byte> Available => buffer.AsMemory(start, Volatile.Read(ref end) - start);

    /// <summary>Whether it holds as much as a head may have.</summary>
    public bool IsFull => Available.Length >= HttpLimits.Head;

    public void Consume(int count) => start += count;

    /// <summary>Calls back once if the client closes or resets before <see cref="Unwatch"/>.</summary>
    public void Watch(Action onGone)
    {
        lock (sync)
        {
            gone = onGone;
            if (isWatching)
            {
                return;
            }

            MakeRoom();
            isWatching = end < buffer.Length;
        }

        if (isWatching)
        {
            watch = WatchAsync();
        }
    }

    public void Unwatch()
    {
        lock (sync)
        {
            gone = null;
        }
    }

    /// <summary>More bytes into <see cref="Available"/>; false at the end of the input.</summary>
    public async ValueTask<bool> FillAsync()
    {
        if (watch is { } pending)
        {
            var more = await pending;
            watch = null;
            return more;
        }

        MakeRoom();
        var count = await socket.ReceiveAsync(buffer.AsMemory(end), SocketFlags.None);
        end += count;
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
            else if (watch is not null)
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
                var count = await socket.ReceiveAsync(buffer.AsMemory(end), SocketFlags.None);
                lock (sync)
                {
                    Volatile.Write(ref end, end + count);
                    if (gone is not null)
                    {
                        // Nobody else looks at the buffer while an answer is being made.
                        MakeRoom();
                    }

                    isWatching = count > 0 && gone is not null && end < buffer.Length;
                    if (count > 0 && !isWatching)
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
        lock (sync)
        {
            isWatching = false;
            (callback, gone) = (gone, null);
        }

        callback?.Invoke();
        return false;
    }

    /// <summary>Never under a pending receive, which writes into the buffer.</summary>
    private void MakeRoom()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        if (end == buffer.Length && end < HttpLimits.Head)
        {
            Array.Resize(ref buffer, buffer.Length * 2);
        }
    }
}
