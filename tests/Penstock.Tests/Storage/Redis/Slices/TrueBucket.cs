using Penstock.Limits;

namespace Penstock.Tests.Storage.Redis.Slices;

/// <summary>The bucket as it would stand if every request had been told at once: what slices are measured by.</summary>
internal sealed class TrueBucket(Limit limit, long frequency)
{
    private readonly List<long> _granted = [];
    private Int128 _level;
    private long _at;

    /// <summary>Requests for which there is room.</summary>
    public double RoomAt(long now) => limit.Burst - ((double)LevelAt(now) / (60 * frequency));

    public void Grant(long now)
    {
        _level = LevelAt(now) + ((Int128)60 * frequency);
        _at = now;
        _granted.Add(now);
        Assert.True(RoomAt(now) >= 0, "More was granted than the bucket holds.");
    }

    public void AssertNoMinuteHoldsMoreThanLimitAndBurst() =>
        Assert.All(
            _granted,
            first =>
                Assert.InRange(
                    _granted.Count(time => time >= first && time - first <= 60 * frequency),
                    0,
                    limit.RequestsPerMinute + limit.Burst
                )
        );

    private Int128 LevelAt(long now) => Int128.Max(0, _level - ((Int128)(now - _at) * limit.RequestsPerMinute));
}
