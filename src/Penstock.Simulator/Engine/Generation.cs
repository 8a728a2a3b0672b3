using Penstock.Simulator.Pacing;

namespace Penstock.Simulator.Engine;

/// <summary>
/// One request inside the engine: a lease on a slot from its start to exactly one of completed, aborted or faulted.
/// Thread-safe: the client may go while the answer is being written.
/// </summary>
internal sealed class Generation(EngineState engine, int promptTokens)
{
    private int _state = (int)GenerationState.Waiting;
    private int _generated;

    /// <summary>The pace of its tokens; ends at once when the generation is aborted.</summary>
    public WheelWait Pace { get; } = new(engine.Wheel);

    public int PromptTokens { get; } = promptTokens;

    public GenerationState State => (GenerationState)Volatile.Read(ref _state);

    public bool IsAborted => State == GenerationState.Aborted;

    public int Generated => Volatile.Read(ref _generated);

    public bool HasSentBytes { get; set; }

    /// <summary>From seeing the client go to the slot being free.</summary>
    public long AbortUnits { get; private set; }

    internal TaskCompletionSource<bool>? Turn { get; set; }

    /// <summary>One writer at a time: the answer itself.</summary>
    public void Count(int tokens) => Volatile.Write(ref _generated, _generated + tokens);

    /// <returns>False when the client went away meanwhile.</returns>
    public ValueTask<bool> PauseAsync(TimeSpan time) => Pace.UntilAsync(engine.Wheel.Now + time.Ticks);

    public bool TryStart() => Move(GenerationState.Waiting, GenerationState.Running);

    public void Complete(IEnumerable<string> finishReasons)
    {
        if (Move(GenerationState.Running, GenerationState.Completed))
        {
            engine.Leave(this, heldSlot: true, finishReasons);
        }
    }

    public void Fault()
    {
        if (Move(GenerationState.Running, GenerationState.Faulted))
        {
            engine.Leave(this, heldSlot: true, []);
        }
    }

    /// <summary>The client went away: the slot is free when this returns, unless the engine is told to lag.</summary>
    public void Abort()
    {
        var seen = engine.Wheel.Now;
        var wasRunning = Move(GenerationState.Running, GenerationState.Aborted);
        if (!wasRunning && !Move(GenerationState.Waiting, GenerationState.Aborted))
        {
            return;
        }

        Pace.Cancel();
        engine.Release(
            this,
            () =>
            {
                AbortUnits = engine.Wheel.Now - seen;
                engine.Leave(this, wasRunning, ["abort"]);
                Turn?.TrySetResult(result: false);
            }
        );
    }

    private bool Move(GenerationState from, GenerationState to) =>
        Interlocked.CompareExchange(ref _state, (int)to, (int)from) == (int)from;
}
