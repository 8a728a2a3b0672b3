using StackExchange.Redis;

namespace Penstock.Storage.Redis;

/// <summary>Says to the other nodes that this one lives, and remembers how many there are for the time when nobody says.</summary>
internal sealed class RedisFleet(RedisConnection connection, RedisOptions options, RedisClock clock)
{
    /// <summary>A node that misses two beats is still there: it may be busy. One that misses three is not.</summary>
    private const int Beats = 3;

    private static readonly RedisScript Beat = RedisScript.Load("clock", "beat");

    private readonly int[] _heard = new int[Beats];
    private int _beat;

    /// <summary>This process: another one after a restart.</summary>
    public string Node { get; } = Guid.NewGuid().ToString("N");

    /// <summary>
    /// The nodes last known, this one among them: the most of the last beats, since a server that came back empty has
    /// not yet heard of all.
    /// </summary>
    public int Nodes => Math.Max(options.LeastNodes, _heard.Max());

    public async Task BeatAsync()
    {
        var micros = (long)Beats * options.HeartbeatSeconds * 1_000_000;
        if (await connection.RunAsync(Beat, [$"{connection.Prefix}:nodes"], [clock.Now, Node, micros]) is { } nodes)
        {
            _heard[_beat++ % Beats] = (int)nodes;
        }
    }

    /// <summary>At the end of the process, so that the others' shares grow at once.</summary>
    public async Task LeaveAsync()
    {
        RedisKey nodes = $"{connection.Prefix}:nodes";
        await connection.RunAsync(new RedisScript("return redis.call('ZREM', KEYS[1], ARGV[1])"), [nodes], [Node]);
    }
}
