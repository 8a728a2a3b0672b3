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
}
