using Penstock.Engines;

namespace Penstock.Routing;

/// <summary>One running copy of a model, with what the gateway knows of its state. Outlives snapshots that keep it.</summary>
internal sealed class Replica(ReplicaAddress address, Engine engine)
{
    /// <summary>First rest after a failed connection, doubled with each further failure: 1, 2, 4 … 30 seconds.</summary>
    private const int LongestRestSeconds = 30;

    private int _inFlight;
    private int _failures;
    private long _restUntil;
    private ReplicaReport _report = ReplicaReport.None;
    private LoadReading? _load;
    private volatile CapabilityCard? _card;

    public ReplicaAddress Address { get; } = address;
    public Engine Engine { get; } = engine;

    /// <summary>What it was last seen to do; null: never probed. Whoever probes puts it here, whole.</summary>
    public CapabilityCard? Card
    {
        get => _card;
        set => _card = value;
    }

    /// <summary>Requests under way from this gateway.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Connection failures since the last answer.</summary>
    public int Failures => Volatile.Read(ref _failures);

    /// <summary>Not to be tried while others can be: it failed a moment ago.</summary>
    public bool IsResting(long now) => now < Volatile.Read(ref _restUntil);

    /// <summary>The moment (timestamp of the time provider) at which it may be tried again.</summary>
    public long RestUntil => Volatile.Read(ref _restUntil);

    /// <summary>What was last found by looking at it from outside the traffic; never null.</summary>
    public ReplicaReport LastReport => Volatile.Read(ref _report);

    /// <summary>The engine's own word on its load; unknown until somebody has read it.</summary>
    public EngineLoad Load => Volatile.Read(ref _load)?.Load ?? EngineLoad.Unknown;

    /// <summary>Tells what a health check has found. Safe from any thread.</summary>
    public void Report(ReplicaReport report) => Volatile.Write(ref _report, report);

    /// <summary>Tells what the engine says of its load; <see cref="EngineLoad.Unknown"/> when it no longer does.</summary>
    public void Report(in EngineLoad load) => Volatile.Write(ref _load, new LoadReading(load));

    public void Answered()
    {
        if (Volatile.Read(ref _failures) == 0)
        {
            return;
        }

        Volatile.Write(ref _failures, 0);
        Volatile.Write(ref _restUntil, 0);
    }

    public void Failed(TimeProvider time)
    {
        var failures = Interlocked.Increment(ref _failures);
        var seconds = Math.Min(LongestRestSeconds, 1 << Math.Min(failures - 1, 5));
        Volatile.Write(ref _restUntil, time.GetTimestamp() + (seconds * time.TimestampFrequency));
    }

    public void Enter() => Interlocked.Increment(ref _inFlight);

    public void Leave() => Interlocked.Decrement(ref _inFlight);

    // Three nullable numbers swapped as one reference, so that they always belong together.
    private sealed record LoadReading(EngineLoad Load);
}
