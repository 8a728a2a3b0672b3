using Penstock.Simulator.Engine;

namespace Penstock.Simulator;

/// <summary>
/// What the simulator did so far; every number is live and may be read at any time from any thread.
/// </summary>
public sealed class SimulatorCounters
{
    private readonly Lock sync = new();
    private readonly HashSet<Generation> active = [];
    private readonly Dictionary<string, long> finished = new(StringComparer.Ordinal);
    private long requests;
    private long chats;
    private long completed;
    private long aborted;
    private long abortedBeforeFirst;
    private long faulted;
    private long refused;
    private long promptTokens;
    private long generatedTokens;
    private long connections;
    private long openConnections;
    private long badRequests;
    private long lastAbort;
    private long maxAbort;

    internal SimulatorCounters() { }

    /// <summary>HTTP requests read whole, on every path but the simulator's own.</summary>
    public long Requests => Volatile.Read(ref requests);

    /// <summary>Chat completions among them that were well-formed and accepted.</summary>
    public long Generations => Volatile.Read(ref chats);

    /// <summary>Generations that hold a slot now.</summary>
    public int Running => Count(GenerationState.Running);

    /// <summary>Generations that wait for a slot now.</summary>
    public int Waiting => Count(GenerationState.Waiting);

    /// <summary>Generations that came to their end.</summary>
    public long Completed => Volatile.Read(ref completed);

    /// <summary>Generations stopped because their client went away.</summary>
    public long Aborted => Volatile.Read(ref aborted);

    /// <summary>Those of <see cref="Aborted"/> whose client had not seen a byte of the answer yet.</summary>
    public long AbortedBeforeFirst => Volatile.Read(ref abortedBeforeFirst);

    /// <summary>Generations ended on purpose by a fault directive.</summary>
    public long Faulted => Volatile.Read(ref faulted);

    /// <summary>Requests answered with an error status.</summary>
    public long Refused => Volatile.Read(ref refused);

    /// <summary>Bytes on the wire that were no HTTP request.</summary>
    public long BadRequests => Volatile.Read(ref badRequests);

    /// <summary>Prompt tokens of all generations that got a slot.</summary>
    public long PromptTokens => Volatile.Read(ref promptTokens);

    /// <summary>Tokens generated so far, those of running generations included.</summary>
    public long GeneratedTokens
    {
        get
        {
            lock (sync)
            {
                return generatedTokens + active.Sum(g => g.Generated);
            }
        }
    }

    public long Connections => Volatile.Read(ref connections);

    public long OpenConnections => Volatile.Read(ref openConnections);

    /// <summary>From seeing the last aborting client go to its slot being free, in microseconds.</summary>
    public long LastAbortMicroseconds => Volatile.Read(ref lastAbort);

    public long MaxAbortMicroseconds => Volatile.Read(ref maxAbort);

    internal LatenessHistogram Lateness { get; } = new();

    /// <summary>Tokens held in the cache now: prompts and what was generated, of all running generations.</summary>
    internal long CachedTokens
    {
        get
        {
            lock (sync)
            {
                return active.Where(g => g.State == GenerationState.Running).Sum(g => g.PromptTokens + g.Generated);
            }
        }
    }

    internal KeyValuePair<string, long>[] Finished
    {
        get
        {
            lock (sync)
            {
                return [.. finished.OrderBy(f => f.Key, StringComparer.Ordinal)];
            }
        }
    }

    internal void Request() => Interlocked.Increment(ref requests);

    internal void Refusal() => Interlocked.Increment(ref refused);

    internal void BadRequest() => Interlocked.Increment(ref badRequests);

    internal void Opened()
    {
        Interlocked.Increment(ref connections);
        Interlocked.Increment(ref openConnections);
    }

    internal void Closed() => Interlocked.Decrement(ref openConnections);

    internal void Enter(Generation generation)
    {
        Interlocked.Increment(ref chats);
        lock (sync)
        {
            active.Add(generation);
        }
    }

    internal void Started(Generation generation) => Interlocked.Add(ref promptTokens, generation.PromptTokens);

    internal void Leave(Generation generation, IEnumerable<string> finishReasons)
    {
        lock (sync)
        {
            if (!active.Remove(generation))
            {
                return;
            }

            generatedTokens += generation.Generated;
            foreach (var reason in finishReasons)
            {
                finished[reason] = finished.GetValueOrDefault(reason) + 1;
            }
        }

        switch (generation.State)
        {
            case GenerationState.Completed:
                Interlocked.Increment(ref completed);
                break;
            case GenerationState.Faulted:
                Interlocked.Increment(ref faulted);
                break;
            case GenerationState.Aborted:
                Abort(generation);
                break;
        }
    }

    internal void Reset()
    {
        lock (sync)
        {
            finished.Clear();
            generatedTokens = 0;
            requests = chats = completed = aborted = abortedBeforeFirst = faulted = refused = promptTokens = 0;
            connections = badRequests = lastAbort = maxAbort = 0;
        }

        Lateness.Reset();
    }

    private void Abort(Generation generation)
    {
        var microseconds = generation.AbortUnits / TimeSpan.TicksPerMicrosecond;
        Volatile.Write(ref lastAbort, microseconds);
        Volatile.Write(ref maxAbort, Math.Max(microseconds, Volatile.Read(ref maxAbort)));
        if (!generation.HasSentBytes)
        {
            Interlocked.Increment(ref abortedBeforeFirst);
        }

        Interlocked.Increment(ref aborted);
    }

    private int Count(GenerationState state)
    {
        lock (sync)
        {
            return active.Count(g => g.State == state);
        }
    }
}
