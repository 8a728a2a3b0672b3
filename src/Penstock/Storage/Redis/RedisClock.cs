using StackExchange.Redis;

namespace Penstock.Storage.Redis;

/// <summary>
/// The time by which scripts decide: the server's own, one for all nodes, whose clocks do not matter. A parameter like
/// every clock.
/// </summary>
/// <param name="micros">Microseconds of Unix time; null: the server's own.</param>
internal sealed class RedisClock(Func<long>? micros)
{
    public static RedisClock Own { get; } = new(null);

    public RedisValue Now => micros is null ? RedisValue.EmptyString : micros();
}
