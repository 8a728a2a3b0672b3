using Penstock.Simulator.Answers;
using Penstock.Simulator.Pacing;

namespace Penstock.Simulator.Engine;

/// <summary>
/// Continuous batching: step after step, each for everybody who runs. A step brings one token to whoever decodes, and
/// spends what is left of its token budget on prompts, in chunks, so that a long prompt slows the tokens of all others.
/// Times are absolute: a step that comes late does not delay those after it.
/// </summary>
internal sealed class StepLoop(EngineState engine, Scheduler scheduler) : WheelItem
{
    private readonly List<(Generation Generation, int PromptTokens)> _step = [];
    private readonly List<Generation> _served = [];
    private readonly Noise _noise = new(engine.Options.Noise, Dice.Mix((ulong)engine.Options.Seed));
    private long _due;
    private bool _isBusy;
    private long _count;

    /// <summary>Steps since the start.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Sequences in the step that runs now.</summary>
    public int BatchSize { get; private set; }

    /// <summary>Starts the next step, unless one runs. Under the scheduler's lock.</summary>
    public void Begin()
    {
        if (!_isBusy)
        {
            _due = engine.Wheel.Now;
            if (Plan())
            {
                engine.Wheel.Add(this, _due);
            }
        }
    }

    internal override void Fire()
    {
        do
        {
            engine.Counters.Lateness.Record(engine.Wheel.Now - _due);
            lock (scheduler.Sync)
            {
                Finish();
            }

            // Outside the lock: what waits for its token goes on here, and may leave or let others in.
            foreach (var generation in _served)
            {
                generation.Pace.Wake();
            }

            _served.Clear();
        } while (!IsIdleOrArmed());
    }

    /// <returns>False when the next step, too, should have ended by now.</returns>
    private bool IsIdleOrArmed()
    {
        lock (scheduler.Sync)
        {
            scheduler.Admit();
            if (Plan() && _due <= engine.Wheel.Now)
            {
                return false;
            }

            if (_isBusy)
            {
                engine.Wheel.Add(this, _due);
            }

            return true;
        }
    }

    private void Finish()
    {
        foreach (var (generation, promptTokens) in _step)
        {
            if (!generation.Kv.IsHeld)
            {
                // Left while the step ran.
                continue;
            }

            var steps = generation.Steps;
            steps.Compute(promptTokens);
            scheduler.Cache.Publish(generation.Kv, steps.Computed);
            if (!steps.IsPrefilling)
            {
                generation.Count(steps.Produce());
                _served.Add(generation);
            }
        }

        _step.Clear();
        Volatile.Write(ref _count, _count + 1);
    }

    private bool Plan()
    {
        var budget = engine.Options.StepTokens;
        BatchSize = 0;
        foreach (var generation in scheduler.Batch.ToArray())
        {
            if (
                generation.Kv.IsHeld
                && generation.Steps is { IsPrefilling: false, IsDone: false }
                && MakeRoom(generation)
            )
            {
                _step.Add((generation, 0));
                BatchSize += generation.Steps.Width;
            }
        }

        budget -= BatchSize;
        var prompts = 0;
        foreach (var generation in scheduler.Batch)
        {
            if (budget > 0 && generation.Steps is { IsPrefilling: true, IsDone: false } steps)
            {
                var chunk = Math.Min(budget, steps.Target - steps.Computed);
                _step.Add((generation, chunk));
                BatchSize++;
                budget -= chunk;
                prompts += chunk;
            }
        }

        _isBusy = _step.Count > 0;
        _due += _noise.Of(scheduler.Cost.Of(BatchSize, prompts));
        return _isBusy;
    }

    /// <returns>False when it had to give up its own place.</returns>
    private bool MakeRoom(Generation generation)
    {
        while (!scheduler.Cache.Grow(generation.Kv, generation.Steps.Width, scheduler.IsAlone))
        {
            if (!scheduler.Preempt(generation))
            {
                return false;
            }
        }

        return true;
    }
}
