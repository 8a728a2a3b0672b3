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
    private long _startedAt;
    private long _firstTokenAt;
    private readonly long _enteredAt = engine.Wheel.Now;

    /// <summary>The pace of its tokens; ends at once when the generation is aborted.</summary>
    public WheelWait Pace { get; } = new(engine.Wheel);

    /// <summary>Counted from 1 since the start; who came first.</summary>
    public long Number { get; } = engine.NextNumber();

    public int PromptTokens => request.PromptTokens;

    public double Priority => request.Priority;

    public StepProgress Steps { get; } = new(request.PromptTokens);

    public KvLease Kv { get; } = new(request);

    /// <summary>Prompt tokens that need not be computed, once it has a slot.</summary>
    public int CachedTokens => Math.Max(Steps.CachedTokens, 0);

    /// <summary>Whether its tokens come from the engine's steps, and not from a pace of its own.</summary>
    public bool IsStepped => engine.Scheduler.Steps is not null && Steps.IsPlanned;

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

    /// <summary>One writer at a time: the answer itself, or the engine's steps.</summary>
    public void Count(int tokens)
    {
        var blocks = (PromptTokens + _generated - 1) / engine.Scheduler.Cache.BlockSize;
        Volatile.Write(ref _generated, _generated + tokens);
        if (!IsStepped && (PromptTokens + _generated - 1) / engine.Scheduler.Cache.BlockSize != blocks)
        {
            engine.Scheduler.Grow(this);
        }
    }

    /// <summary>Its first token is there.</summary>
    public void MarkFirstToken()
    {
        _firstTokenAt = engine.Wheel.Now;
        engine.Counters.FirstToken.Record(_firstTokenAt - _enteredAt);
    }

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

    /// <summary>It got a slot, for the first time or again.</summary>
    /// <returns>False when it has ended meanwhile.</returns>
    public bool TryResume()
    {
        if (!Move(GenerationState.Waiting, GenerationState.Running))
        {
            return State == GenerationState.Running;
        }

        _startedAt = engine.Wheel.Now;
        engine.Counters.Started(this);
        engine.Counters.Queued.Record(_startedAt - _enteredAt);
        return true;
    }

    public void Complete(IEnumerable<string> finishReasons)
    {
        if (Move(GenerationState.Running, GenerationState.Completed))
        {
            engine.Leave(this, finishReasons);
            engine.Counters.Whole.Record(engine.Wheel.Now - _enteredAt);
        }
    }

    public void Fault()
    {
        if (Move(GenerationState.Running, GenerationState.Faulted))
        {
            engine.Leave(this, []);
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
        if (End(GenerationState.Faulted))
        {
            Stop([]);
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
            CachedTokens,
            Generated,
            Sent,
            Microseconds(_startedAt),
            Microseconds(_firstTokenAt)
        );

    /// <summary>The slot is free when this returns.</summary>
    private void Abort()
    {
        if (End(GenerationState.Aborted))
        {
            AbortUnits = engine.Wheel.Now - _goneAt;
            Stop(["abort"]);
        }
    }

    private void Stop(IEnumerable<string> finishReasons)
    {
        Pace.Cancel();
        engine.Leave(this, finishReasons);
        Turn?.TrySetResult(result: false);
    }

    private long Microseconds(long at) => at > 0 ? (at - _enteredAt) / TimeSpan.TicksPerMicrosecond : 0;

    private bool End(GenerationState state) =>
        Move(GenerationState.Running, state) || Move(GenerationState.Waiting, state);

    private bool Move(GenerationState from, GenerationState to) =>
        Interlocked.CompareExchange(ref _state, (int)to, (int)from) == (int)from;

    private sealed class AbortAfterLag(Generation generation) : WheelItem
    {
        internal override void Fire() => generation.Abort();
    }
}
