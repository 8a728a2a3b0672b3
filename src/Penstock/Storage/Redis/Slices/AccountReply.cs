using Penstock.Limits;
using StackExchange.Redis;

namespace Penstock.Storage.Redis.Slices;

/// <summary>The server's answer about an account.</summary>
/// <param name="IsNew">The batch was counted now, and not before.</param>
/// <param name="More">What was added to what is left.</param>
/// <param name="Second">In which requests that were told as begun count.</param>
internal sealed record AccountReply(bool IsNew, Outlay More, string Epoch, long Second, HolderStanding Standing)
{
    public static AccountReply Read(RedisResult reply, TimeProvider time) =>
        new(
            (int)reply[0] == 1,
            new Outlay((long)reply[1], (long)reply[2]),
            (string)reply[3]!,
            (long)reply[4],
            HolderStanding.Read(reply, 5, time)
        );
}
