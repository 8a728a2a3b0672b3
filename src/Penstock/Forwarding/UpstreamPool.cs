using System.Runtime.CompilerServices;
using Penstock.Primitives;
using Penstock.Routing;

namespace Penstock.Forwarding;

/// <summary>Idle connections to one replica, newest first, so that a quiet pool shrinks by itself.</summary>
internal sealed class UpstreamPool(UpstreamTarget target, ForwardingOptions options, TimeProvider time) : IBeating
{
    private readonly Lock _gate = new();
    private readonly List<UpstreamConnection> _idle = [];
    private readonly long _lifetime = (long)(options.IdleConnectionSeconds * time.TimestampFrequency);
    private bool _retired;

    /// <summary>An idle connection young enough to be trusted, or a new one that has yet to connect.</summary>
    /// <param name="fresh">Never an idle one: the last one had been closed under us.</param>
    public UpstreamConnection Rent(bool fresh)
    {
        if (!fresh && TakeIdle() is { } idle)
        {
            return idle;
        }

        return new UpstreamConnection(target, options.ResponseHeadBytes);
    }

    public void Return(UpstreamConnection connection)
    {
        if (connection.IsReusable)
        {
            connection.BecomeIdle(time.GetTimestamp());
            lock (_gate)
            {
                if (!_retired && _idle.Count < options.IdleConnectionsPerReplica)
                {
                    _idle.Add(connection);
                    return;
                }
            }
        }
        connection.Dispose();
    }

    public void Beat(long now)
    {
        // The oldest stand first; a beat closes them before the engine does.
        while (TakeOlderThan(now - _lifetime) is { } old)
        {
            old.Dispose();
        }
    }

    /// <summary>Closes what is idle and keeps nothing that is returned from now on.</summary>
    public void Retire()
    {
        lock (_gate)
        {
            _retired = true;
        }

        Beat(long.MaxValue);
    }

    private UpstreamConnection? TakeIdle()
    {
        UpstreamConnection newest;
        lock (_gate)
        {
            if (_idle.Count == 0)
            {
                return null;
            }

            newest = _idle[^1];
            _idle.RemoveAt(_idle.Count - 1);
        }
        if (time.GetTimestamp() - newest.IdleSince <= _lifetime)
        {
            return newest;
        }

        newest.Dispose();
        return null;
    }

    private UpstreamConnection? TakeOlderThan(long then)
    {
        lock (_gate)
        {
            if (_idle.Count == 0 || _idle[0].IdleSince >= then)
            {
                return null;
            }

            var oldest = _idle[0];
            _idle.RemoveAt(0);
            return oldest;
        }
    }
}
