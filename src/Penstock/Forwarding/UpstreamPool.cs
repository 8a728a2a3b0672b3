using Penstock.Primitives;
using Penstock.Routing;
using Penstock.Transport;

namespace Penstock.Forwarding;

/// <summary>
/// Idle connections to one replica. Each event loop has its own, so that a request and its connection to the engine
/// stay on one thread.
/// </summary>
internal sealed class UpstreamPool : IBeating
{
    /// <summary>An engine that closes after 5 s is left after 4: going first spares the reset.</summary>
    private const double ShareOfEnginesPatience = 0.8;

    private readonly UpstreamTarget _target;
    private readonly Replica _replica;
    private readonly ForwardingOptions _options;
    private readonly Wires _wires;
    private readonly Heartbeat _heartbeat;
    private readonly TimeProvider _time;
    private readonly IdleConnections[] _places;
    private long _lifetime;

    public UpstreamPool(Replica replica, ForwardingOptions options, Wires wires, Heartbeat heartbeat, TimeProvider time)
    {
        (_replica, _options, _wires, _heartbeat, _time) = (replica, options, wires, heartbeat, time);
        _lifetime = Lifetime;
        var address = replica.Address;
        _target = new UpstreamTarget(address.Url, replica.Engine.ChatPath, address.ApiKey);
        var each = (options.IdleConnectionsPerReplica + wires.Places - 1) / wires.Places;
        _places = [.. Enumerable.Range(0, wires.Places).Select(_ => new IdleConnections(each))];
    }

    /// <summary>An idle connection young enough to be trusted, or a new one that has yet to connect.</summary>
    /// <param name="fresh">Never an idle one: the last one had been closed under us.</param>
    /// <param name="now">The timestamp of this moment.</param>
    public UpstreamConnection Rent(bool fresh, long now) =>
        (fresh ? null : TakeIdle(now))
        ?? new UpstreamConnection(_target, _wires.Create(_target.TlsHost), _options.ResponseHeadBytes, _heartbeat);

    public void Return(UpstreamConnection connection)
    {
        if (connection.IsReusable)
        {
            connection.BecomeIdle(_time.GetTimestamp());
            if (_places[Math.Max(0, connection.Loop)].TryAdd(connection))
            {
                return;
            }
        }
        connection.Dispose();
    }

    int IBeating.Place { get; set; } = -1;

    /// <summary>Closes what is too old before the engine does.</summary>
    public void Beat(long now)
    {
        var lifetime = Lifetime;
        Volatile.Write(ref _lifetime, lifetime);
        CloseOlderThan(now - lifetime);
    }

    /// <summary>Closes what is idle and keeps nothing that is returned from now on.</summary>
    public void Retire()
    {
        foreach (var place in _places)
        {
            place.Close();
        }

        CloseOlderThan(long.MaxValue);
    }

    /// <summary>What the engine is known to bear; looked at with each beat.</summary>
    private long Lifetime
    {
        get
        {
            var engine = _replica.Card?.IdleConnection ?? _replica.Engine.IdleConnection;
            var seconds = Math.Min(_options.IdleConnectionSeconds, engine.TotalSeconds * ShareOfEnginesPatience);
            return _time.Ticks(TimeSpan.FromSeconds(seconds));
        }
    }

    /// <summary>On a loop its own, so that both legs stay together; elsewhere whichever there is.</summary>
    private UpstreamConnection? TakeIdle(long now)
    {
        if (Wires.Here >= 0)
        {
            return TakeIdle(_places[Wires.Here], now);
        }

        UpstreamConnection? idle = null;
        foreach (var place in _places)
        {
            idle ??= TakeIdle(place, now);
        }

        return idle;
    }

    private UpstreamConnection? TakeIdle(IdleConnections place, long now)
    {
        while (place.TakeNewest() is { } newest)
        {
            if (now - newest.IdleSince <= Volatile.Read(ref _lifetime) && newest.IsQuiet)
            {
                return newest;
            }

            newest.Dispose();
        }
        return null;
    }

    private void CloseOlderThan(long then)
    {
        foreach (var place in _places)
        {
            while (place.TakeOlderThan(then) is { } old)
            {
                old.Dispose();
            }
        }
    }
}
