using Penstock.Simulator.Engine;

namespace Penstock.Simulator.Streaming;

/// <summary>
/// When each token is due. Times are absolute, so a late token does not delay those after it; how late each was is
/// recorded. All waits end with false when the client went away.
/// </summary>
internal sealed class Pace(EngineState engine, Generation generation, TimeSpan ttft, TimeSpan itl)
{
    private long _start = engine.Wheel.Now;

    public TimeSpan Itl { get; } = itl;

    public ValueTask<bool> FirstAsync() => UntilAsync(_start + ttft.Ticks);

    /// <param name="round">Counted from 0, the first token.</param>
    public ValueTask<bool> NextAsync(int round) =>
        Itl > TimeSpan.Zero
            ? UntilAsync(_start + ttft.Ticks + (round * Itl.Ticks))
            : new ValueTask<bool>(!generation.IsStopped);

    public async ValueTask<bool> StallAsync(TimeSpan time)
    {
        _start += time.Ticks;
        return await generation.PauseAsync(time);
    }

    private ValueTask<bool> UntilAsync(long due)
    {
        if (due > engine.Wheel.Now)
        {
            return WaitAsync(due);
        }

        if (due > _start)
        {
            engine.Counters.Lateness.Record(engine.Wheel.Now - due);
        }

        return new ValueTask<bool>(!generation.IsStopped);
    }

    // Pooled: otherwise every token would leave a state machine behind.
    [System.Runtime.CompilerServices.AsyncMethodBuilder(
        typeof(System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder<>)
    )]
    private async ValueTask<bool> WaitAsync(long due)
    {
        var goesOn = await generation.Pace.UntilAsync(due);
        engine.Counters.Lateness.Record(engine.Wheel.Now - due);
        return goesOn;
    }
}
