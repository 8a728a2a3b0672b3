using System.Runtime.InteropServices;
using Penstock.Limits;
using StackExchange.Redis;

namespace Penstock.Storage.Redis.Slices;

/// <summary>The server's answer about a key's limit.</summary>
/// <param name="Own">What the slice holds, less what it was told of.</param>
/// <param name="Counted">Requests of the last minute, and what others have leased; not what is in the asker's slice.</param>
/// <param name="Now">Microseconds of the server's time.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RequestReply(
    bool Granted,
    int Own,
    long Counted,
    long Reset,
    int RetryAfterSeconds,
    long Now
)
{
    public static RequestReply Read(RedisResult reply) =>
        new((int)reply[0] == 1, (int)reply[1], (long)reply[2], (long)reply[3], (int)reply[4], (long)reply[5]);

    /// <param name="unheard">Requests that this node has granted and the server does not know of.</param>
    public LimitDecision ToDecision(in Limit limit, int unheard) =>
        new(
            Granted,
            limit.RequestsPerMinute,
            Granted ? (int)Math.Max(0, limit.RequestsPerMinute - Counted - unheard) : 0,
            Reset,
            RetryAfterSeconds
        );
}
