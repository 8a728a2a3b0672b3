namespace Penstock.Simulator.Engine;

/// <summary>
/// Who runs and who waits: a slot and room in the cache are given in the order of service, and whoever runs may lose
/// both again to one that comes before.
/// </summary>
internal sealed class Scheduler
{
    private readonly EngineState _engine;
    private readonly SortedSet<Generation> _waiting;
    private readonly SortedSet<Generation> _running;
    private readonly int _slots;
    private int _runningCount;
    private int _waitingCount;
    private long _preemptions;

    public Scheduler(EngineState engine)
    {
        _engine = engine;
        var order = new ServiceOrder(engine.Habits.Priority);
        (_waiting, _running) = (new SortedSet<Generation>(order), new SortedSet<Generation>(order));
        var options = engine.Options;
        _slots = options.MaxRunning > 0 ? options.MaxRunning : int.MaxValue;
        var blockSize = options.BlockSize ?? engine.Habits.BlockSize;
        Cache = new KvCache(
            (int)Math.Clamp(options.KvTokens / blockSize, 1, int.MaxValue),
            blockSize,
            options.KvIsLimit,
            options.PrefixCache
        );
        Cost = new StepCost(options.StepBase, options.StepPerSequence, options.StepPerPromptToken);
        Steps = Cost.IsModelled ? new StepLoop(engine, this) : null;
    }

    /// <summary>Guards everything here, in the cache and in the steps.</summary>
    public Lock Sync { get; } = new();

    public KvCache Cache { get; }

    public StepCost Cost { get; }

    /// <summary>Null where steps take no time.</summary>
    public StepLoop? Steps { get; }

    public int Running => Volatile.Read(ref _runningCount);

    public int Waiting => Volatile.Read(ref _waitingCount);

    /// <summary>How often one had to give up its slot and its blocks, to begin its prompt again.</summary>
    public long Preemptions => Volatile.Read(ref _preemptions);

    /// <summary>Whether there is nobody left to make room. Under <see cref="Sync"/>.</summary>
    public bool IsAlone => _running.Count == 1;

    /// <summary>Those that run, best served first. Under <see cref="Sync"/>.</summary>
    public IEnumerable<Generation> Batch => _running;

    /// <returns>True with a slot; false when it was stopped while it waited for one.</returns>
    public ValueTask<bool> EnterAsync(Generation generation)
    {
        lock (Sync)
        {
            _waiting.Add(generation);
            Admit();
            if (generation.IsStopped)
            {
                Leave(generation);
                return new ValueTask<bool>(result: false);
            }

            if (_running.Contains(generation))
            {
                return new ValueTask<bool>(result: true);
            }

            generation.Turn = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask<bool>(generation.Turn.Task);
        }
    }

    public void Leave(Generation generation)
    {
        lock (Sync)
        {
            _waiting.Remove(generation);
            _running.Remove(generation);
            Cache.Free(generation.Kv);
            Admit();
        }
    }

    /// <summary>Lets in whoever may; called whenever there may be room.</summary>
    public void Admit()
    {
        lock (Sync)
        {
            while (_engine.IsReady && _running.Count < _slots && _waiting.Min is { } first && Seat(first))
            {
                // The next one in the order of service.
            }

            Volatile.Write(ref _runningCount, _running.Count);
            Volatile.Write(ref _waitingCount, _waiting.Count);
            Steps?.Begin();
        }
    }

    /// <summary>Makes room by sending the last in the order of service back to wait. Under <see cref="Sync"/>.</summary>
    /// <returns>False when it was the one that asked for room.</returns>
    public bool Preempt(Generation asking)
    {
        var last = _running.Max!;
        _running.Remove(last);
        Cache.Free(last.Kv);
        _waiting.Add(last);
        last.Steps.Restart();
        Interlocked.Increment(ref _preemptions);
        return last != asking;
    }

    /// <summary>Tokens came without a step: the cache is told when they fill another block.</summary>
    public void Grow(Generation generation)
    {
        lock (Sync)
        {
            if (generation.Kv.IsHeld)
            {
                var tokens = generation.PromptTokens + generation.Generated - generation.Kv.Tokens;
                Cache.Grow(generation.Kv, tokens, isAlone: true);
            }
        }
    }

    /// <summary>The process is a new one, and its cache empty.</summary>
    public void Forget()
    {
        lock (Sync)
        {
            Cache.Forget();
        }
    }

    public void Reset()
    {
        lock (Sync)
        {
            Cache.ResetCounts();
            Volatile.Write(ref _preemptions, 0);
        }
    }

    /// <returns>False where the cache has no room: then nobody behind it is let in either.</returns>
    private bool Seat(Generation generation)
    {
        // Where steps are not modelled nobody can be sent back, so all that will be needed is kept free.
        var steps = generation.Steps;
        var promise = Steps is null ? steps.TokensLeft : 0;
        var found = Cache.Hold(generation.Kv, steps.Target, promise, isAlone: _running.Count == 0);
        if (found < 0)
        {
            return false;
        }

        _waiting.Remove(generation);
        if (!generation.TryResume())
        {
            Cache.Free(generation.Kv);
            return true;
        }

        _running.Add(generation);
        steps.Begin(found);
        if (Steps is null)
        {
            Cache.Publish(generation.Kv, steps.Target);
        }

        generation.Turn?.TrySetResult(result: true);
        return true;
    }
}
