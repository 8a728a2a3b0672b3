using Penstock.Storage.Redis;
using Penstock.Tests.Limits;

namespace Penstock.Tests.Storage.Redis;

/// <summary>A server's clock that tests move.</summary>
internal static class RedisTime
{
    /// <summary>Follows the ticks, which are microseconds; the first of them is a whole second.</summary>
    public static RedisClock Of(TickClock clock)
    {
        Assert.Equal(1_000_000, clock.TimestampFrequency);
        var first = clock.GetTimestamp();
        var wall = clock.Wall.ToUnixTimeSeconds() * 1_000_000;
        return new RedisClock(() => wall + clock.GetTimestamp() - first);
    }

    public static RedisClock Of(TimeProvider time) =>
        new(() => (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
}
