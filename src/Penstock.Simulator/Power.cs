using Penstock.Simulator.Dialects;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;
using Penstock.Simulator.Pacing;

namespace Penstock.Simulator;

/// <summary>Starts the pretend process, lets it die as a process does, and come back.</summary>
internal sealed class Power(EngineState engine, ColdStart coldStart)
{
    private int _life;

    public required ConnectionListener Listener { get; init; }

    /// <summary>Whether a process that loads its model refuses connections meanwhile.</summary>
    private bool RefusesWhileLoading => coldStart is ColdStart.Refuses && engine.Options.Startup > TimeSpan.Zero;

    /// <summary>Begins to load the model, and to accept connections: at once, or when that is done.</summary>
    public void Start()
    {
        var life = Interlocked.Increment(ref _life);
        engine.Load();
        if (RefusesWhileLoading)
        {
            engine.Wheel.Add(new InThisLife(this, life, Listener.Accept), engine.ReadyAt);
        }
        else
        {
            Listener.Accept();
        }
    }

    /// <summary>
    /// Every connection is reset and every generation gone. A process that is not told to stay down is started again at
    /// once.
    /// </summary>
    /// <param name="staysDown">Whether connections are refused until it is started again.</param>
    /// <param name="time">When that happens by itself; null never.</param>
    /// <param name="spared">The connection on which this was asked for.</param>
    public async Task DieAsync(bool staysDown, TimeSpan? time = null, Exchange? spared = null)
    {
        var life = Interlocked.Increment(ref _life);
        engine.Counters.Crash();
        if (staysDown || RefusesWhileLoading)
        {
            await Listener.RefuseAsync();
        }

        // The engine first: a connection that ends before it would look like a client that left.
        engine.Crash();
        Listener.ResetAll(spared);
        if (!staysDown)
        {
            Start();
        }
        else if (time is { } down)
        {
            engine.Wheel.Add(new InThisLife(this, life, Start), engine.Wheel.Now + down.Ticks);
        }
    }

    /// <summary>What happens later, unless the process was started, or has died, in the meantime.</summary>
    private sealed class InThisLife(Power power, int life, Action action) : WheelItem
    {
        internal override void Fire()
        {
            if (Volatile.Read(ref power._life) == life)
            {
                action();
            }
        }
    }
}
