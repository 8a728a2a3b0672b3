using System.Diagnostics.Metrics;
using Penstock.Inference.Tallies;

namespace Penstock.Inference;

/// <summary>
/// The corridor's numbers. Labels come from the registry and from <see cref="InferenceEnding"/>, never from a caller.
/// A request adds to sums of our own, which are read when somebody asks for the metrics
/// (docs/decisions/0022-own-tallies.md).
/// </summary>
internal sealed class InferenceMetrics
{
    public const string MeterName = "Penstock.Inference";

    private readonly TallyTable _tallies = new();
    private readonly TimeSheet _times;
    private long _inFlight;

    public InferenceMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _times = new TimeSheet(
            HistogramOf(meter, "penstock.request.duration", "From the first step to the last byte."),
            HistogramOf(
                meter,
                "penstock.request.time_to_first_byte",
                "From the first step to the first byte of the answer's body."
            )
        );
        meter.CreateObservableCounter("penstock.requests", Requests, "{request}", "Requests ended, by ending.");
        meter.CreateObservableUpDownCounter(
            "penstock.requests.in_flight",
            () => Volatile.Read(ref _inFlight),
            "{request}",
            "Requests under way."
        );
        meter.CreateObservableCounter(
            "penstock.attempts",
            () => _tallies.Models.Select(model => model.Attempts),
            "{attempt}",
            "Attempts at replicas."
        );
        meter.CreateObservableCounter(
            "penstock.hedges",
            () => _tallies.Models.SelectMany(model => model.Hedges),
            "{attempt}",
            "Second attempts beside one whose first byte was late."
        );
        meter.CreateObservableCounter(
            "penstock.stream.continuations",
            () => _tallies.Models.Select(model => model.Continuations),
            "{continuation}",
            "Times another engine went on with a stream that broke."
        );
        meter.CreateObservableCounter(
            "penstock.stream.malformed_events",
            () => _tallies.Models.Select(model => model.Malformed),
            "{event}",
            "Stream events that were no JSON and were dropped."
        );
        meter.CreateObservableCounter(
            "penstock.tokens",
            () => _tallies.Models.SelectMany(model => model.Tokens),
            "{token}",
            "Tokens as the engines counted them."
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
        var route = _tallies.Of(deployment);
        var ending = _tallies.Of(route, record.Ending);
        ending.Add();
        _times.Add(ending, record.Duration, record.TimeToFirstByte);
        if (deployment is not null)
        {
            route.OfModel.Add(record);
        }
    }

    private IEnumerable<Measurement<long>> Requests()
    {
        // Sums are read before histograms: what has ended by now is in both.
        _times.HandOver();
        return _tallies.Endings.Select(ending => ending.Requests);
    }

    private static Histogram<double> HistogramOf(Meter meter, string name, string description) =>
        meter.CreateHistogram(
            name,
            "s",
            description,
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds }
        );
}
