namespace Penstock.Forwarding;

/// <summary>Idle connections that live at one place, newest first, so that a quiet pool shrinks by itself.</summary>
/// <param name="most">How many are kept.</param>
internal sealed class IdleConnections(int most)
{
    private readonly Lock _gate = new();
    private readonly List<UpstreamConnection> _idle = [];
    private int _most = most;

    public bool TryAdd(UpstreamConnection connection)
    {
        lock (_gate)
        {
            if (_idle.Count >= _most)
            {
                return false;
            }

            _idle.Add(connection);
            return true;
        }
    }

    public UpstreamConnection? TakeNewest()
    {
        lock (_gate)
        {
            return _idle.Count == 0 ? null : TakeAt(_idle.Count - 1);
        }
    }

    public UpstreamConnection? TakeOlderThan(long then)
    {
        lock (_gate)
        {
            // The oldest stand first.
            return _idle.Count == 0 || _idle[0].IdleSince >= then ? null : TakeAt(0);
        }
    }

    /// <summary>From now on none is kept.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _most = 0;
        }
    }

    private UpstreamConnection TakeAt(int place)
    {
        var connection = _idle[place];
        _idle.RemoveAt(place);
        return connection;
    }
}
