using System.Runtime.CompilerServices;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Pacing;

namespace Penstock.Simulator.Streaming;

/// <summary>
/// When each token is due. Times are absolute, so a late token does not delay those after it; how late each was is
/// recorded. Where the engine is modelled a token also waits for its step. All waits end with false when the
/// generation was stopped.
/// </summary>
internal sealed class Pace(EngineState engine, Generation generation, TimeSpan ttft, TimeSpan itl)
{
    private readonly Noise _noise = new(engine.Options.Noise, (ulong)engine.Options.Seed + (ulong)generation.Number);
    private readonly long _start = engine.Wheel.Now;
    private long _due;

    /// <summary>Whether all tokens are there at once.</summary>
    public bool IsFlatOut { get; } = itl == TimeSpan.Zero && !generation.IsStepped;

    /// <summary>Microseconds since 1970, for stamps on what is sent.</summary>
    public long Stamp =>
        (engine.Options.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private bool IsFirstThere => !generation.IsStepped || generation.Steps.Rounds > 0;

    /// <param name="ping">How often to tell the client that one still works; null never.</param>
    /// <param name="sendPing">How; false when the client is gone.</param>
    public async ValueTask<bool> FirstAsync(TimeSpan? ping = null, Func<ValueTask<bool>>? sendPing = null)
    {
        _due = _start + _noise.Of(ttft.Ticks);
        var said = _start;
        while (!IsFirstThere || engine.Wheel.Now < _due)
        {
            var waitsForStep = !IsFirstThere;
            var due = waitsForStep ? WheelWait.Never : _due;
            var next = ping is { } often ? Math.Min(due, said + often.Ticks) : due;
            if (engine.Wheel.Now < next && !await FirstOrAsync(next, waitsForStep))
            {
                return false;
            }

            if (next >= due || engine.Wheel.Now < next)
            {
                continue;
            }

            said = engine.Wheel.Now;
            if (sendPing is not null && !await sendPing())
            {
                return false;
            }
        }

        if (_due > _start)
        {
            engine.Counters.Lateness.Record(engine.Wheel.Now - _due);
        }

        generation.MarkFirstToken();
        return !generation.IsStopped;
    }

    /// <summary>Waits for the next token of each choice, and counts them.</summary>
    /// <param name="round">Counted from 0, the first token, for which <see cref="FirstAsync"/> has waited.</param>
    public ValueTask<bool> RoundAsync(int round)
    {
        if (round > 0)
        {
            _due += _noise.Of(itl.Ticks);
        }

        if (generation.IsStepped)
        {
            return SteppedAsync(round);
        }

        if (round > 0 && itl > TimeSpan.Zero && !IsPast(_due))
        {
            return TimedAsync(round);
        }

        generation.Count(generation.Steps.TokensIn(round));
        return new ValueTask<bool>(!generation.IsStopped);
    }

    public ValueTask<bool> StallAsync(TimeSpan time)
    {
        _due += time.Ticks;
        return generation.PauseAsync(time);
    }

    // Pooled: otherwise every token would leave a state machine behind.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> TimedAsync(int round)
    {
        var goesOn = await generation.Pace.UntilAsync(_due);
        engine.Counters.Lateness.Record(engine.Wheel.Now - _due);
        if (goesOn)
        {
            generation.Count(generation.Steps.TokensIn(round));
        }

        return goesOn;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> SteppedAsync(int round) => await StepAsync(round) && await UntilAsync(_due);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> StepAsync(int round)
    {
        while (generation.Steps.Rounds <= round)
        {
            var step = generation.Pace.UntilAsync(WheelWait.Never);
            if (generation.Steps.Rounds > round)
            {
                // It came between looking and waiting.
                generation.Pace.Wake();
            }

            if (!await step)
            {
                return false;
            }
        }

        return !generation.IsStopped;
    }

    /// <summary>Until then, or until its step if that comes sooner.</summary>
    private ValueTask<bool> FirstOrAsync(long due, bool waitsForStep)
    {
        var wait = generation.Pace.UntilAsync(due);
        if (waitsForStep && IsFirstThere)
        {
            // It came between looking and waiting.
            generation.Pace.Wake();
        }

        return wait;
    }

    private ValueTask<bool> UntilAsync(long due) =>
        IsPast(due) ? new ValueTask<bool>(!generation.IsStopped) : WaitAsync(due);

    private bool IsPast(long due)
    {
        var late = engine.Wheel.Now - due;
        if (late < 0)
        {
            return false;
        }

        if (due > _start)
        {
            engine.Counters.Lateness.Record(late);
        }

        return true;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> WaitAsync(long due)
    {
        var goesOn = await generation.Pace.UntilAsync(due);
        engine.Counters.Lateness.Record(engine.Wheel.Now - due);
        return goesOn;
    }
}
