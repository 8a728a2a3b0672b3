namespace Penstock.Transport.Epoll;

/// <summary>
/// The sockets of a loop by the token that the kernel repeats in each event. A token is never used twice: an event of
/// a socket that has gone finds nobody.
/// </summary>
internal sealed class SocketTable
{
    public const ulong Nobody = 0;

    private const int FirstRoom = 256;

    private readonly Lock _gate = new();
    private readonly Stack<uint> _free = [];
    private LoopSocket?[] _sockets = new LoopSocket?[FirstRoom];
    private uint _used = 1;
    private uint _generation;

    /// <returns>The socket's token.</returns>
    public ulong Add(LoopSocket socket)
    {
        lock (_gate)
        {
            if (!_free.TryPop(out var place))
            {
                place = _used++;
                if (place == _sockets.Length)
                {
                    // The loop's thread reads the old table meanwhile, which holds all that it may be told of yet.
                    var larger = new LoopSocket?[_sockets.Length * 2];
                    _sockets.CopyTo(larger, 0);
                    Volatile.Write(ref _sockets, larger);
                }
            }

            var token = ((ulong)++_generation << 32) | place;
            socket.Token = token;
            Volatile.Write(ref _sockets[place], socket);
            return token;
        }
    }

    public void Remove(ulong token)
    {
        lock (_gate)
        {
            var place = (uint)token;
            if (_sockets[place]?.Token == token)
            {
                _sockets[place] = null;
                _free.Push(place);
            }
        }
    }

    public LoopSocket? Find(ulong token)
    {
        var sockets = Volatile.Read(ref _sockets);
        var place = (uint)token;
        var socket = place < sockets.Length ? Volatile.Read(ref sockets[place]) : null;
        return socket?.Token == token ? socket : null;
    }
}
