using Penstock.Simulator.Pacing;

namespace Penstock.Simulator.Engine;

/// <summary>
/// The pretend engine: its slots and queue, its models, its counters. All its metrics are derived from here.
/// </summary>
internal sealed class EngineState(SimulatorOptions options, EngineHabits habits, TimerWheel wheel)
{
    private readonly Lock _sync = new();
    private readonly LinkedList<Generation> _queue = new();
    private int _running;

    public SimulatorOptions Options { get; } = options;

    public EngineHabits Habits { get; } = habits;

    public TimerWheel Wheel { get; } = wheel;

    /// <summary>The last generations, each with what it cost.</summary>
    public GenerationLog Generations { get; } = new(options.RememberedGenerations);

    public bool IsStopping { get; private set; }

    public TimeSpan AbortLag => Options.AbortLag ?? Habits.AbortLag;

    public SimulatorCounters Counters { get; } = new();

    public long Started { get; } = options.Time.GetUtcNow().ToUnixTimeSeconds();

    public bool QueueIsFull
    {
        get
        {
            lock (_sync)
            {
                return Options.MaxQueued > 0 && _running >= Slots && _queue.Count >= Options.MaxQueued;
            }
        }
    }

    /// <summary>When the model is loaded, by the wheel's clock.</summary>
    public long ReadyAt { get; } = wheel.Now + options.Startup.Ticks;

    public bool IsReady => Wheel.Now >= ReadyAt;

    /// <summary>How much of the cache is taken, from 0 to 1.</summary>
    public double KvUsage => Math.Min((double)Counters.CachedTokens / Options.KvTokens, 1);

    private int Slots => Options.MaxRunning > 0 ? Options.MaxRunning : int.MaxValue;

    public Generation Enter(EngineRequest request)
    {
        var generation = new Generation(this, request);
        Counters.Enter(generation);
        Generations.Add(generation);
        return generation;
    }

    /// <returns>True with a slot; false when the client went away while it waited for one.</returns>
    public ValueTask<bool> TakeSlotAsync(Generation generation)
    {
        lock (_sync)
        {
            if (_running >= Slots)
            {
                generation.Turn = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
                _queue.AddLast(generation);
                if (generation.IsStopped)
                {
                    _queue.Remove(generation);
                    generation.Turn.TrySetResult(result: false);
                }

                return new ValueTask<bool>(generation.Turn.Task);
            }

            if (!generation.TryStart())
            {
                return new ValueTask<bool>(result: false);
            }

            _running++;
        }

        Counters.Started(generation);
        return new ValueTask<bool>(result: true);
    }

    /// <summary>For good: nothing goes on without its client any more.</summary>
    public void Stop()
    {
        IsStopping = true;
        Crash();
    }

    /// <summary>The process dies: whatever it was doing is gone without a word.</summary>
    public void Crash()
    {
        foreach (var generation in Counters.Active)
        {
            generation.Crash();
        }
    }

    public void Leave(Generation generation, bool heldSlot, IEnumerable<string> finishReasons)
    {
        if (heldSlot)
        {
            FreeSlot();
        }
        else
        {
            lock (_sync)
            {
                _queue.Remove(generation);
            }
        }

        Counters.Leave(generation, finishReasons);
    }

    private void FreeSlot()
    {
        Generation? next = null;
        lock (_sync)
        {
            _running--;
            while (next is null && _running < Slots && _queue.First is { } first)
            {
                _queue.RemoveFirst();
                if (first.Value.TryStart())
                {
                    next = first.Value;
                    _running++;
                }
            }
        }

        if (next is not null)
        {
            Counters.Started(next);
            next.Turn?.TrySetResult(result: true);
        }
    }
}
