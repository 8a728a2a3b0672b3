using Penstock.Engines;
using Penstock.Primitives;

namespace Penstock.Routing;

/// <summary>
/// One running copy of a model, with what the gateway knows of its state. Outlives snapshots that keep it. Safe for
/// all threads.
/// </summary>
internal sealed class Replica(ReplicaAddress address, Engine engine)
{
    /// <summary>First rest after a failure, doubled with each further one: 1, 2, 4 … 30 seconds.</summary>
    private const int LongestRestSeconds = 30;

    private volatile ReplicaAddress _address = address;
    private int _inFlight;
    private int _lagging;
    private int _failures;
    private long _restUntil;
    private long _failingSince;
    private long _backOffUntil;
    private long _warmSince;
    private long _answeredAt;
    private volatile string? _lastFailure;
    private readonly FailureMoment _moment = new();
    private ReplicaReport _report = ReplicaReport.None;
    private LoadReading? _load;
    private volatile CapabilityCard? _card;

    /// <summary>The same in every gateway: hashing to replicas needs no agreement.</summary>
    public ulong Identity { get; } = StableHash.Of(address.Url.AbsoluteUri);

    /// <summary>Its URL, as operators are told.</summary>
    public string Name { get; } = address.Url.AbsoluteUri.TrimEnd('/');

    public ReplicaAddress Address => _address;
    public Engine Engine { get; } = engine;
    public CircuitBreaker Breaker { get; } = new();

    /// <summary>Called when it may be able to take a request that it could not take before.</summary>
    public Action? Improved { get; set; }

    /// <summary>What it was last seen to do; null: never probed. Whoever probes puts it here, whole.</summary>
    public CapabilityCard? Card
    {
        get => _card;
        set => _card = value;
    }

    /// <summary>Slots taken from this gateway: requests under way, and those that the engine is slow to drop.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Slots of calls that were broken off, which the engine may still be at work on.</summary>
    public int Lagging => Volatile.Read(ref _lagging);

    /// <summary>Failures of its own since the last answer.</summary>
    public int Failures => Volatile.Read(ref _failures);

    /// <summary>Timestamp of its first failure since the last answer; 0: there was none.</summary>
    public long FailingSince => Volatile.Read(ref _failingSince);

    /// <summary>What went wrong last, in words; null: nothing since the last answer.</summary>
    public string? LastFailure => _lastFailure;

    /// <summary>Not to be tried while others can be: it failed a moment ago.</summary>
    public bool IsResting(long now) => now < Volatile.Read(ref _restUntil);

    /// <summary>The moment (timestamp of the time provider) at which it may be tried again.</summary>
    public long RestUntil => Volatile.Read(ref _restUntil);

    /// <summary>The engine asked to be left alone until then (timestamp).</summary>
    public long BackOffUntil => Volatile.Read(ref _backOffUntil);

    /// <summary>Since when it has been taking requests; 0: from the beginning.</summary>
    public long WarmSince => Volatile.Read(ref _warmSince);

    /// <summary>When it last answered (timestamp).</summary>
    public long AnsweredAt => Volatile.Read(ref _answeredAt);

    /// <summary>What was last found by looking at it from outside the traffic; never null.</summary>
    public ReplicaReport LastReport => Volatile.Read(ref _report);

    /// <summary>The engine's own word on its load; unknown until somebody has read it.</summary>
    public EngineLoad Load => Volatile.Read(ref _load)?.Load ?? EngineLoad.Unknown;

    /// <summary>
    /// Work on it that is not this gateway's, as of the last reading; null: unknown. What waits inside the engine
    /// counts twice: there is no room for more.
    /// </summary>
    public int? ForeignWork => Volatile.Read(ref _load)?.Foreign;

    /// <summary>Requests that it was given of late, fading; only for whoever holds the lock of its line.</summary>
    public double RecentWork { get; set; }

    /// <summary>The registry's word on it has changed, though it is still the same replica.</summary>
    public void Use(ReplicaAddress address) => _address = address;

    /// <summary>It has just been added or has just come back: its share grows from here on.</summary>
    public void BeginWarmUp(long now) => Volatile.Write(ref _warmSince, now);

    /// <summary>Tells what a health check has found. Safe from any thread.</summary>
    public void Report(ReplicaReport report)
    {
        var before = Interlocked.Exchange(ref _report, report);
        if (report.Condition == ReplicaCondition.Alive)
        {
            Breaker.AllowProbe(report.At);
            if (before.Condition is ReplicaCondition.Starting)
            {
                BeginWarmUp(report.At);
            }
        }

        if (before.Condition != report.Condition)
        {
            Improved?.Invoke();
        }
    }

    /// <summary>Tells what the engine says of its load; <see cref="EngineLoad.Unknown"/> when it no longer does.</summary>
    public void Report(in EngineLoad load)
    {
        int? foreign = load is { Running: null, Waiting: null }
            ? null
            : Math.Max(0, (load.Running ?? 0) + (2 * (load.Waiting ?? 0)) - InFlight);
        Volatile.Write(ref _load, new LoadReading(load, foreign));
    }

    /// <summary>It answered this request, or judged it: it is well.</summary>
    public void Answered(long now)
    {
        Volatile.Write(ref _answeredAt, now);
        if (Breaker.Succeed())
        {
            BeginWarmUp(now);
            Improved?.Invoke();
        }

        if (Volatile.Read(ref _failures) == 0)
        {
            return;
        }

        Volatile.Write(ref _failures, 0);
        Volatile.Write(ref _restUntil, 0);
        Volatile.Write(ref _failingSince, 0);
        _lastFailure = null;
    }

    /// <summary>It failed by its own fault.</summary>
    public void Failed(TimeProvider time, in ReplicaFailure failure)
    {
        var now = time.GetTimestamp();
        var isNews = !failure.IsRepeated && _moment.IsAnother(failure.Began, now, time.TimestampFrequency);
        _lastFailure = failure.Reason;
        Interlocked.CompareExchange(ref _failingSince, now, 0);
        if (isNews)
        {
            var failures = Interlocked.Increment(ref _failures);
            var seconds = Math.Min(LongestRestSeconds, 1 << Math.Min(failures - 1, 5));
            Volatile.Write(ref _restUntil, now + (seconds * time.TimestampFrequency));
        }

        Breaker.Fail(now, time.TimestampFrequency, isNews);
    }

    /// <summary>The engine asks to be left alone; it is busy, not ill.</summary>
    public void BackOff(TimeProvider time, TimeSpan pause) =>
        Volatile.Write(ref _backOffUntil, time.GetTimestamp() + time.Ticks(pause));

    public void Enter() => Interlocked.Increment(ref _inFlight);

    public void Leave() => Interlocked.Decrement(ref _inFlight);

    public void BeginLag() => Interlocked.Increment(ref _lagging);

    public void EndLag() => Interlocked.Decrement(ref _lagging);

    // Swapped as one reference, so that the numbers always belong together.
    private sealed record LoadReading(EngineLoad Load, int? Foreign);
}
