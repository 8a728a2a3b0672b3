using System.Diagnostics.Metrics;

namespace Penstock.Idempotency;

/// <summary>What the kept answers take, and what had to make room.</summary>
internal sealed class IdempotencyMetrics
{
    public const string MeterName = "Penstock.Idempotency";

    private readonly UpDownCounter<long> _bytes;
    private readonly Counter<long> _unkept;

    public IdempotencyMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _bytes = meter.CreateUpDownCounter<long>(
            "penstock.idempotency.bytes",
            "By",
            "Memory of answers of requests with a key, kept and under way."
        );
        _unkept = meter.CreateCounter<long>(
            "penstock.idempotency.unkept",
            "{answer}",
            "Answers that were too large, or had to make room for others."
        );
    }

    /// <param name="bytes">Negative: they are free.</param>
    public void Hold(long bytes) => _bytes.Add(bytes);

    public void Unkept() => _unkept.Add(1);
}
