using System.Diagnostics.Metrics;

namespace Penstock.Inference.Tallies;

/// <summary>What is counted of the requests that ended alike, with their labels ready made.</summary>
internal sealed class EndingTally(string model, string backend, string ending)
{
    private readonly KeyValuePair<string, object?>[] _labels =
    [
        new("model", model),
        new("backend", backend),
        new("ending", ending),
    ];

    private long _requests;

    public ReadOnlySpan<KeyValuePair<string, object?>> Labels => _labels;

    public Measurement<long> Requests => new(Volatile.Read(ref _requests), Labels);

    public void Add() => Interlocked.Increment(ref _requests);
}
