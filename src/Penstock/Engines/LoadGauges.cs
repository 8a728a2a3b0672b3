using System.Runtime.CompilerServices;

namespace Penstock.Engines;

/// <summary>
/// An engine's load gauges in Prometheus text, each under its spellings, the newest first. Names are compared whole: a
/// prefix of one is often another series of the same thing.
/// </summary>
/// <param name="running">Spellings of the requests being worked on.</param>
/// <param name="waiting">Spellings of the requests in the queue.</param>
/// <param name="kvUsage">Spellings of the share of the attention cache in use.</param>
internal sealed class LoadGauges(string[] running, string[] waiting, string[] kvUsage)
{
    /// <summary>More spellings of one gauge than any engine has had.</summary>
    private const int MostSpellings = 4;

    public EngineLoad Read(ReadOnlySpan<byte> body)
    {
        var runs = new Gauge();
        var waits = new Gauge();
        var usages = new Gauge();
        var samples = new PrometheusSamples(body);
        while (samples.MoveNext())
        {
            // A rank of tensor or pipeline parallelism is a part of one engine and repeats its numbers; one of data
            // parallelism (dp_rank, engine) is an engine of its own.
            if (samples.IsFurtherRank("tp_rank"u8) || samples.IsFurtherRank("pp_rank"u8))
            {
                continue;
            }

            runs.Take(running, samples);
            waits.Take(waiting, samples);
            usages.Take(kvUsage, samples);
        }

        // Queues add up; caches fill side by side, and the engine itself spreads requests over them.
        return new EngineLoad(Count(runs.Sum), Count(waits.Sum), usages.Mean);
    }

    private static int? Count(double? value) => value is >= 0 and <= int.MaxValue ? (int)value.Value : null;

    private struct Gauge
    {
        private Sums _sums;
        private Counts _counts;

        public readonly double? Sum => First() is var at and >= 0 ? _sums[at] : null;

        public readonly double? Mean => First() is var at and >= 0 ? _sums[at] / _counts[at] : null;

        public void Take(string[] spellings, in PrometheusSamples samples)
        {
            for (var at = 0; at < spellings.Length; at++)
            {
                if (samples.IsNamed(spellings[at]) && samples.TryReadValue(out var value))
                {
                    _sums[at] += value;
                    _counts[at]++;
                }
            }
        }

        // Of two spellings in one text (an old name kept beside the new one) the newer counts, not both.
        private readonly int First()
        {
            for (var at = 0; at < MostSpellings; at++)
            {
                if (_counts[at] > 0)
                {
                    return at;
                }
            }

            return -1;
        }
    }

    [InlineArray(MostSpellings)]
    private struct Sums
    {
        private double _first;
    }

    [InlineArray(MostSpellings)]
    private struct Counts
    {
        private int _first;
    }
}
