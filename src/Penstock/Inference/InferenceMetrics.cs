using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Penstock.Inference;

/// <summary>
/// The corridor's numbers. Labels come from the registry and from <see cref="InferenceEnding"/>, never from a caller.
/// </summary>
internal sealed class InferenceMetrics
{
    public const string MeterName = "Penstock.Inference";

    /// <summary>The label of a request that reached no deployment.</summary>
    private const string None = "none";

    private readonly Counter<long> _requests;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _firstByte;
    private readonly Counter<long> _tokens;
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _hedges;
    private readonly Counter<long> _continuations;
    private readonly Counter<long> _malformed;
    private long _inFlight;

    public InferenceMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _requests = meter.CreateCounter<long>("penstock.requests", "{request}", "Requests ended, by ending.");
        meter.CreateObservableUpDownCounter(
            "penstock.requests.in_flight",
            () => Volatile.Read(ref _inFlight),
            "{request}",
            "Requests under way."
        );
        _attempts = meter.CreateCounter<long>("penstock.attempts", "{attempt}", "Attempts at replicas.");
        _hedges = meter.CreateCounter<long>(
            "penstock.hedges",
            "{attempt}",
            "Second attempts beside one whose first byte was late."
        );
        _continuations = meter.CreateCounter<long>(
            "penstock.stream.continuations",
            "{continuation}",
            "Times another engine went on with a stream that broke."
        );
        _malformed = meter.CreateCounter<long>(
            "penstock.stream.malformed_events",
            "{event}",
            "Stream events that were no JSON and were dropped."
        );
        _tokens = meter.CreateCounter<long>("penstock.tokens", "{token}", "Tokens as the engines counted them.");
        _duration = meter.CreateHistogram(
            "penstock.request.duration",
            "s",
            "From the first step to the last byte.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds }
        );
        _firstByte = meter.CreateHistogram(
            "penstock.request.time_to_first_byte",
            "s",
            "From the first step to the first byte of the answer's body.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds }
        );
    }

    /// <summary>The GenAI conventions' buckets for a model's answers, with finer ones below for the gateway itself.</summary>
    private static double[] Seconds { get; } =
    [0.001, 0.0025, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

    public void Begin() => Interlocked.Increment(ref _inFlight);

    public void End(InferenceRecord record)
    {
        Interlocked.Decrement(ref _inFlight);
        var deployment = record.Route?.Deployment;
        var tags = new TagList
        {
            { "model", deployment?.Model ?? None },
            { "backend", deployment?.Backend ?? None },
            { "ending", EndingFacts.Of(record.Ending).Label },
        };
        _requests.Add(1, tags);
        _duration.Record(record.Duration.TotalSeconds, tags);
        if (record.TimeToFirstByte is { } first)
        {
            _firstByte.Record(first.TotalSeconds, tags);
        }

        if (deployment is null)
        {
            return;
        }

        var model = new KeyValuePair<string, object?>("model", deployment.Model);
        _attempts.Add(record.Attempts, model);
        if (record.HedgesWon + record.HedgesLost > 0)
        {
            _hedges.Add(record.HedgesWon, model, new("outcome", "won"));
            _hedges.Add(record.HedgesLost, model, new("outcome", "lost"));
        }

        _continuations.Add(record.Continuations, model);
        _malformed.Add(record.Malformed, model);
        if (record.Usage is not { } usage)
        {
            return;
        }

        _tokens.Add(usage.Prompt, model, new("kind", "prompt"));
        _tokens.Add(usage.Completion, model, new("kind", "completion"));
    }
}
