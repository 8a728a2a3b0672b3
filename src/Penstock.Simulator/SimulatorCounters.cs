using Penstock.Simulator.Engine;

namespace Penstock.Simulator;

/// <summary>
/// What the simulator did so far; every number is live and may be read at any time from any thread.
/// </summary>
public sealed class SimulatorCounters
{
    private readonly Lock _sync = new();
    private readonly HashSet<Generation> _active = [];
    private readonly Dictionary<string, long> _finished = new(StringComparer.Ordinal);
    private long _requests;
    private long _chats;
    private long _completed;
    private long _aborted;
    private long _abortedBeforeFirst;
    private long _faulted;
    private long _refused;
    private long _promptTokens;
    private long _generatedTokens;
    private long _connections;
    private long _openConnections;
    private long _badRequests;
    private long _drainedReads;
    private long _lastAbort;
    private long _maxAbort;
    private long _probeTokens;
    private long _sentTokens;
    private long _crashes;

    private readonly Scheduler _scheduler;

    internal SimulatorCounters(Scheduler scheduler) => _scheduler = scheduler;

    /// <summary>HTTP requests read whole, on every path but the simulator's own.</summary>
    public long Requests => Volatile.Read(ref _requests);

    /// <summary>Chat completions among them that were well-formed and accepted.</summary>
    public long Generations => Volatile.Read(ref _chats);

    /// <summary>Prompt tokens that were looked up in the prefix cache.</summary>
    public long PrefixQueries => _scheduler.Cache.Queries;

    /// <summary>Those of them that were found there and need not be computed.</summary>
    public long PrefixHits => _scheduler.Cache.Hits;

    /// <summary>Blocks that had to go from the prefix cache.</summary>
    public long Evictions => _scheduler.Cache.Evictions;

    /// <summary>How often a running generation had to give up its slot and begin its prompt again.</summary>
    public long Preemptions => _scheduler.Preemptions;

    /// <summary>Blocks of the cache that generations hold now.</summary>
    public int KvUsedBlocks => _scheduler.Cache.Used;

    /// <summary>Steps of the modelled engine.</summary>
    public long Steps => _scheduler.Steps?.Count ?? 0;

    /// <summary>Generations that hold a slot now.</summary>
    public int Running => _scheduler.Running;

    /// <summary>Generations that wait for a slot now.</summary>
    public int Waiting => _scheduler.Waiting;

    /// <summary>Generations that came to their end.</summary>
    public long Completed => Volatile.Read(ref _completed);

    /// <summary>Generations stopped because their client went away.</summary>
    public long Aborted => Volatile.Read(ref _aborted);

    /// <summary>Those of <see cref="Aborted"/> whose client had not seen a byte of the answer yet.</summary>
    public long AbortedBeforeFirst => Volatile.Read(ref _abortedBeforeFirst);

    /// <summary>Generations ended on purpose by a fault directive.</summary>
    public long Faulted => Volatile.Read(ref _faulted);

    /// <summary>Requests answered with an error status.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Bytes on the wire that were no HTTP request.</summary>
    public long BadRequests => Volatile.Read(ref _badRequests);

    /// <summary>Reads of statistics that nobody else can read again.</summary>
    public long DrainedReads => Volatile.Read(ref _drainedReads);

    /// <summary>Prompt tokens of all generations that got a slot.</summary>
    public long PromptTokens => Volatile.Read(ref _promptTokens);

    /// <summary>Tokens generated so far, those of running generations included.</summary>
    public long GeneratedTokens
    {
        get
        {
            lock (_sync)
            {
                return _generatedTokens + _active.Sum(g => g.Generated);
            }
        }
    }

    public long Connections => Volatile.Read(ref _connections);

    public long OpenConnections => Volatile.Read(ref _openConnections);

    /// <summary>From seeing the last aborting client go to its slot being free, in microseconds.</summary>
    public long LastAbortMicroseconds => Volatile.Read(ref _lastAbort);

    public long MaxAbortMicroseconds => Volatile.Read(ref _maxAbort);

    /// <summary>Tokens generated to answer health probes, those of <see cref="GeneratedTokens"/> not among them.</summary>
    public long ProbeTokens => Volatile.Read(ref _probeTokens);

    /// <summary>Tokens whose bytes were sent to a client that had not gone yet.</summary>
    public long SentTokens
    {
        get
        {
            lock (_sync)
            {
                return _sentTokens + _active.Sum(g => g.Sent);
            }
        }
    }

    /// <summary>How often it was told to die.</summary>
    public long Crashes => Volatile.Read(ref _crashes);

    internal Generation[] Active
    {
        get
        {
            lock (_sync)
            {
                return [.. _active];
            }
        }
    }

    internal LatenessHistogram Lateness { get; } = new();

    /// <summary>From arrival to a slot.</summary>
    internal DurationHistogram Queued { get; } = new();

    /// <summary>From arrival to the first token.</summary>
    internal DurationHistogram FirstToken { get; } = new();

    /// <summary>From arrival to the end, of those that came to it.</summary>
    internal DurationHistogram Whole { get; } = new();

    /// <summary>From a client's going to its slot being free.</summary>
    internal DurationHistogram AbortDelay { get; } = new();

    /// <summary>Tokens held in the cache now: prompts and what was generated, of all running generations.</summary>
    internal long CachedTokens
    {
        get
        {
            lock (_sync)
            {
                return _active.Where(g => g.Kv.IsHeld).Sum(g => g.PromptTokens + g.Generated);
            }
        }
    }

    internal KeyValuePair<string, long>[] Finished
    {
        get
        {
            lock (_sync)
            {
                return [.. _finished.OrderBy(f => f.Key, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>A health probe was answered by generating so many tokens.</summary>
    internal void Probe(int tokens) => Interlocked.Add(ref _probeTokens, tokens);

    internal void Crash() => Interlocked.Increment(ref _crashes);

    internal void Request() => Interlocked.Increment(ref _requests);

    internal void Refusal() => Interlocked.Increment(ref _refused);

    internal void BadRequest() => Interlocked.Increment(ref _badRequests);

    internal void DrainedRead() => Interlocked.Increment(ref _drainedReads);

    internal void Opened()
    {
        Interlocked.Increment(ref _connections);
        Interlocked.Increment(ref _openConnections);
    }

    internal void Closed() => Interlocked.Decrement(ref _openConnections);

    internal void Enter(Generation generation)
    {
        Interlocked.Increment(ref _chats);
        lock (_sync)
        {
            _active.Add(generation);
        }
    }

    internal void Started(Generation generation) => Interlocked.Add(ref _promptTokens, generation.PromptTokens);

    internal void Leave(Generation generation, IEnumerable<string> finishReasons)
    {
        lock (_sync)
        {
            if (!_active.Remove(generation))
            {
                return;
            }

            _generatedTokens += generation.Generated;
            _sentTokens += generation.Sent;
            foreach (var reason in finishReasons)
            {
                _finished[reason] = _finished.GetValueOrDefault(reason) + 1;
            }
        }

        switch (generation.State)
        {
            case GenerationState.Completed:
                Interlocked.Increment(ref _completed);
                break;
            case GenerationState.Faulted:
                Interlocked.Increment(ref _faulted);
                break;
            case GenerationState.Aborted:
                Abort(generation);
                break;
        }
    }

    internal void Reset()
    {
        lock (_sync)
        {
            _finished.Clear();
            _generatedTokens = 0;
            _requests = _chats = _completed = _aborted = _abortedBeforeFirst = _faulted = _refused = _promptTokens = 0;
            _connections = _badRequests = _drainedReads = _lastAbort = _maxAbort = 0;
            _probeTokens = _sentTokens = _crashes = 0;
        }

        Lateness.Reset();
        foreach (var histogram in (DurationHistogram[])[Queued, FirstToken, Whole, AbortDelay])
        {
            histogram.Reset();
        }
    }

    private void Abort(Generation generation)
    {
        var microseconds = generation.AbortUnits / TimeSpan.TicksPerMicrosecond;
        AbortDelay.Record(generation.AbortUnits);
        Volatile.Write(ref _lastAbort, microseconds);
        Volatile.Write(ref _maxAbort, Math.Max(microseconds, Volatile.Read(ref _maxAbort)));
        if (!generation.HasSentBytes)
        {
            Interlocked.Increment(ref _abortedBeforeFirst);
        }

        Interlocked.Increment(ref _aborted);
    }
}
