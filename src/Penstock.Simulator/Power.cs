using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;
using Penstock.Simulator.Pacing;

namespace Penstock.Simulator;

/// <summary>Lets the engine die as a process does, and come back.</summary>
internal sealed class Power(EngineState engine)
{
    private int _life;

    public required ConnectionListener Listener { get; init; }

    /// <summary>
    /// Every connection is reset and every generation gone. A process that is not told to stay down is back at once.
    /// </summary>
    /// <param name="staysDown">Whether connections are refused until <see cref="Revive"/>.</param>
    /// <param name="time">When it comes back by itself; null never.</param>
    /// <param name="spared">The connection on which this was asked for.</param>
    public async Task DieAsync(bool staysDown, TimeSpan? time = null, Exchange? spared = null)
    {
        var life = Interlocked.Increment(ref _life);
        engine.Counters.Crash();
        if (staysDown)
        {
            await Listener.RefuseAsync();
        }

        // The engine first: a connection that ends before it would look like a client that left.
        engine.Crash();
        Listener.ResetAll(spared);
        if (staysDown && time is { } down)
        {
            engine.Wheel.Add(new Return(this, life), engine.Wheel.Now + down.Ticks);
        }
    }

    public void Revive()
    {
        Interlocked.Increment(ref _life);
        Listener.Accept();
    }

    private sealed class Return(Power power, int life) : WheelItem
    {
        internal override void Fire()
        {
            // It may have been revived, or have died again, in the meantime.
            if (Volatile.Read(ref power._life) == life)
            {
                power.Revive();
            }
        }
    }
}
