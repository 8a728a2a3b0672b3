using System.Diagnostics.Metrics;

namespace Penstock.Storage.Redis;

/// <summary>How the shared server is doing, as this node sees it.</summary>
internal sealed class RedisMetrics
{
    public const string MeterName = "Penstock.Redis";

    private static readonly KeyValuePair<string, object?> Answered = new("outcome", "ok");
    private static readonly KeyValuePair<string, object?> TooLate = new("outcome", "late");
    private static readonly KeyValuePair<string, object?> Broken = new("outcome", "failed");

    private readonly UpDownCounter<long> _away;
    private readonly Counter<long> _calls;
    private readonly Counter<long> _alone;
    private readonly Counter<long> _leased;

    public RedisMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _away = meter.CreateUpDownCounter<long>(
            "penstock.redis.away",
            "{server}",
            "1 while the shared server is away and this node decides alone."
        );
        _calls = meter.CreateCounter<long>("penstock.redis.calls", "{call}", "Scripts sent to the shared server.");
        _alone = meter.CreateCounter<long>(
            "penstock.redis.alone",
            "{decision}",
            "Decisions that this node made alone: on limits by its own share, on twins by its own answers."
        );
        _leased = meter.CreateCounter<long>(
            "penstock.redis.leased",
            "{decision}",
            "Decisions that this node made out of slices of the limits that it had leased."
        );
    }

    public void Leave() => _away.Add(1);

    public void Return() => _away.Add(-1);

    public void DecideAlone() => _alone.Add(1);

    public void DecideFromSlice() => _leased.Add(1);

    public void Answer() => _calls.Add(1, Answered);

    public void Late() => _calls.Add(1, TooLate);

    public void Fail() => _calls.Add(1, Broken);
}
