using Penstock.Simulator.Pacing;

namespace Penstock.Simulator.Engine;

/// <summary>
/// The pretend engine: its slots and queue, its cache, its counters. All its metrics are derived from here.
/// </summary>
internal sealed class EngineState
{
    private long _number;
    private long _readyAt;

    public EngineState(SimulatorOptions options, EngineHabits habits, TimerWheel wheel)
    {
        (Options, Habits, Wheel) = (options, habits, wheel);
        Generations = new GenerationLog(options.RememberedGenerations);
        Started = options.Time.GetUtcNow().ToUnixTimeSeconds();
        Scheduler = new Scheduler(this);
        Counters = new SimulatorCounters(Scheduler);
    }

    public SimulatorOptions Options { get; }

    public EngineHabits Habits { get; }

    public TimerWheel Wheel { get; }

    public Scheduler Scheduler { get; }

    public SimulatorCounters Counters { get; }

    /// <summary>The last generations, each with what it cost.</summary>
    public GenerationLog Generations { get; }

    public long Started { get; }

    public bool IsStopping { get; private set; }

    public TimeSpan AbortLag => Options.AbortLag ?? Habits.AbortLag;

    public bool QueueIsFull => Options.MaxQueued > 0 && Scheduler.Waiting >= Options.MaxQueued;

    /// <summary>How much of the cache generations hold, from 0 to 1; what only waits to be found is free.</summary>
    public double KvUsage => Math.Min((double)KvUsedBlocks / KvBlocks, 1);

    public int KvBlocks => Scheduler.Cache.Blocks;

    public int KvUsedBlocks => Scheduler.Cache.Used;

    public int BlockSize => Scheduler.Cache.BlockSize;

    /// <summary>Prompt tokens that were looked up in the prefix cache.</summary>
    public long PrefixQueries => Scheduler.Cache.Queries;

    /// <summary>Prompt tokens that were found there.</summary>
    public long PrefixHits => Scheduler.Cache.Hits;

    public double PrefixHitRate => PrefixQueries > 0 ? (double)PrefixHits / PrefixQueries : 0;

    public long Preemptions => Scheduler.Preemptions;

    /// <summary>Sequences in the step that runs now; without steps, whoever runs.</summary>
    public int BatchSize => Scheduler.Steps?.BatchSize ?? Scheduler.Running;

    public long StepCount => Scheduler.Steps?.Count ?? 0;

    public long NextNumber() => Interlocked.Increment(ref _number);

    /// <summary>When the model is loaded, by the wheel's clock.</summary>
    public long ReadyAt => Volatile.Read(ref _readyAt);

    public bool IsReady => Wheel.Now >= ReadyAt;

    /// <summary>Begins to load the model, as after every start: until it is there nobody gets a slot.</summary>
    public void Load()
    {
        Volatile.Write(ref _readyAt, Wheel.Now + Options.Startup.Ticks);
        if (!IsReady)
        {
            Wheel.Add(new Loaded(Scheduler), ReadyAt);
        }
    }

    public Generation Enter(EngineRequest request)
    {
        var generation = new Generation(this, request);
        Counters.Enter(generation);
        Generations.Add(generation);
        return generation;
    }

    /// <returns>True with a slot; false when the client went away while it waited for one.</returns>
    public ValueTask<bool> TakeSlotAsync(Generation generation) => Scheduler.EnterAsync(generation);

    /// <summary>For good: nothing goes on without its client any more.</summary>
    public void Stop()
    {
        IsStopping = true;
        Crash();
    }

    /// <summary>The process dies: whatever it was doing is gone without a word, and what it had cached too.</summary>
    public void Crash()
    {
        foreach (var generation in Counters.Active)
        {
            generation.Crash();
        }

        Scheduler.Forget();
    }

    public void Leave(Generation generation, IEnumerable<string> finishReasons)
    {
        Scheduler.Leave(generation);
        Counters.Leave(generation, finishReasons);
    }

    /// <summary>Counts begin anew; what is running goes on, and what is cached stays.</summary>
    public void Reset()
    {
        Counters.Reset();
        Scheduler.Reset();
        Generations.Clear();
    }

    private sealed class Loaded(Scheduler scheduler) : WheelItem
    {
        internal override void Fire() => scheduler.Admit();
    }
}
