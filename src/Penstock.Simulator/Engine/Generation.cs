using Penstock.Simulator.Pacing;

namespace Penstock.Simulator.Engine;

/// <summary>
/// One request inside the engine: a lease on a slot from its start to exactly one of completed, aborted or faulted.
/// Thread-safe: the client may go while the answer is being written.
/// </summary>
internal sealed class Generation(EngineState engine, EngineRequest request)
{
    private const long NotGone = long.MinValue;

    private int _state = (int)GenerationState.Waiting;
    private int _generated;
    private int _sent;
    private long _goneAt = NotGone;

    /// <summary>The pace of its tokens; ends at once when the generation is aborted.</summary>
    public WheelWait Pace { get; } = new(engine.Wheel);

    public int PromptTokens => request.PromptTokens;

    public GenerationState State => (GenerationState)Volatile.Read(ref _state);

    public bool IsAborted => State == GenerationState.Aborted;

    /// <summary>Whether it came to an end that was not its own: nothing more is to be sent.</summary>
    public bool IsStopped => State is GenerationState.Aborted or GenerationState.Faulted;

    public int Generated => Volatile.Read(ref _generated);

    public int Sent => Volatile.Read(ref _sent);

    public bool HasSentBytes { get; set; }

    /// <summary>The id of its answer.</summary>
    public string AnswerId { get; set; } = "";

    /// <summary>How long it goes on without a client.</summary>
    public TimeSpan AbortLag { get; set; } = engine.AbortLag;

    /// <summary>From seeing the client go to the slot being free.</summary>
    public long AbortUnits { get; private set; }

    internal TaskCompletionSource<bool>? Turn { get; set; }

    private bool IsAbandoned => Volatile.Read(ref _goneAt) != NotGone;

    /// <summary>One writer at a time: the answer itself.</summary>
    public void Count(int tokens) => Volatile.Write(ref _generated, _generated + tokens);

    /// <summary>That many tokens' bytes are on their way to the client, if there is one.</summary>
    public void CountSent(int tokens)
    {
        if (!IsAbandoned)
        {
            Volatile.Write(ref _sent, _sent + tokens);
        }
    }

    /// <returns>False when it was stopped meanwhile.</returns>
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

    /// <summary>The client went away: it is aborted at once, after this engine's lag, or never.</summary>
    public void Abandon()
    {
        if (
            Interlocked.CompareExchange(ref _goneAt, engine.Wheel.Now, NotGone) != NotGone
            || State is not (GenerationState.Waiting or GenerationState.Running)
        )
        {
            return;
        }

        if (AbortLag == TimeSpan.Zero || engine.IsStopping)
        {
            Abort();
        }
        else if (AbortLag != Timeout.InfiniteTimeSpan)
        {
            engine.Wheel.Add(new AbortAfterLag(this), engine.Wheel.Now + AbortLag.Ticks);
        }
    }

    /// <summary>The engine dies under it: no lag, no finish reason.</summary>
    public void Crash()
    {
        var wasRunning = Move(GenerationState.Running, GenerationState.Faulted);
        if (wasRunning || Move(GenerationState.Waiting, GenerationState.Faulted))
        {
            Stop(wasRunning, []);
        }
    }

    public GenerationRecord Record(long number) =>
        new(
            number,
            AnswerId,
            request.RequestId,
            request.User,
            request.CacheSalt,
            request.Model,
            State.ToString().ToLowerInvariant(),
            PromptTokens,
            CachedTokens: 0,
            Generated,
            Sent
        );

    /// <summary>The slot is free when this returns.</summary>
    private void Abort()
    {
        var wasRunning = Move(GenerationState.Running, GenerationState.Aborted);
        if (wasRunning || Move(GenerationState.Waiting, GenerationState.Aborted))
        {
            AbortUnits = engine.Wheel.Now - _goneAt;
            Stop(wasRunning, ["abort"]);
        }
    }

    private void Stop(bool heldSlot, IEnumerable<string> finishReasons)
    {
        Pace.Cancel();
        engine.Leave(this, heldSlot, finishReasons);
        Turn?.TrySetResult(result: false);
    }

    private bool Move(GenerationState from, GenerationState to) =>
        Interlocked.CompareExchange(ref _state, (int)to, (int)from) == (int)from;

    private sealed class AbortAfterLag(Generation generation) : WheelItem
    {
        internal override void Fire() => generation.Abort();
    }
}
