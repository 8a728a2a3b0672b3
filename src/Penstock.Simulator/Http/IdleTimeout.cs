using Penstock.Simulator.Pacing;

namespace Penstock.Simulator.Http;

/// <summary>Closes a connection that waits too long between two requests.</summary>
internal sealed class IdleTimeout(TimerWheel wheel, TimeSpan limit, Action close) : WheelItem
{
    private long _due = long.MaxValue;

    public void Start()
    {
        if (limit > TimeSpan.Zero)
        {
            Volatile.Write(ref _due, wheel.Now + limit.Ticks);
            wheel.Add(this, _due);
        }
    }

    public void Stop()
    {
        Volatile.Write(ref _due, long.MaxValue);
        wheel.Remove(this);
    }

    internal override void Fire()
    {
        // Stopped, or started anew, between being taken out and now.
        if (wheel.Now >= Volatile.Read(ref _due))
        {
            close();
        }
    }
}
