using System.Diagnostics.Metrics;
using Penstock.Engines;

namespace Penstock.Inference.Tallies;

/// <summary>What is counted of the requests that a model's deployments got.</summary>
internal sealed class ModelTally(string model)
{
    private long _attempts;
    private long _continuations;
    private long _malformed;
    private long _hedgesWon;
    private long _hedgesLost;
    private long _prompt;
    private long _completion;
    private bool _hasHedged;
    private bool _hasTokens;

    public Measurement<long> Attempts => Of(ref _attempts);

    public Measurement<long> Continuations => Of(ref _continuations);

    public Measurement<long> Malformed => Of(ref _malformed);

    /// <summary>Nothing until a request was hedged.</summary>
    public IEnumerable<Measurement<long>> Hedges =>
        Volatile.Read(ref _hasHedged)
            ? [Of(ref _hedgesWon, "outcome", "won"), Of(ref _hedgesLost, "outcome", "lost")]
            : [];

    /// <summary>Nothing until an engine has counted some.</summary>
    public IEnumerable<Measurement<long>> Tokens =>
        Volatile.Read(ref _hasTokens)
            ? [Of(ref _prompt, "kind", "prompt"), Of(ref _completion, "kind", "completion")]
            : [];

    public void Add(InferenceRecord record)
    {
        Interlocked.Add(ref _attempts, record.Attempts);
        if (record.Continuations + record.Malformed > 0)
        {
            Interlocked.Add(ref _continuations, record.Continuations);
            Interlocked.Add(ref _malformed, record.Malformed);
        }

        if (record.HedgesWon + record.HedgesLost > 0)
        {
            Interlocked.Add(ref _hedgesWon, record.HedgesWon);
            Interlocked.Add(ref _hedgesLost, record.HedgesLost);
            Volatile.Write(ref _hasHedged, true);
        }

        if (record.Usage is { } usage)
        {
            Add(usage);
        }
    }

    private void Add(in TokenUsage usage)
    {
        Interlocked.Add(ref _prompt, usage.Prompt);
        Interlocked.Add(ref _completion, usage.Completion);
        if (!_hasTokens)
        {
            Volatile.Write(ref _hasTokens, true);
        }
    }

    private Measurement<long> Of(ref long count) =>
        new(Volatile.Read(ref count), new KeyValuePair<string, object?>("model", model));

    private Measurement<long> Of(ref long count, string label, string value) =>
        new(
            Volatile.Read(ref count),
            new KeyValuePair<string, object?>("model", model),
            new KeyValuePair<string, object?>(label, value)
        );
}
