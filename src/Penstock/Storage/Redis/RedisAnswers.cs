using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Penstock.Idempotency;
using StackExchange.Redis;

namespace Penstock.Storage.Redis;

/// <summary>
/// Generations under a key where all nodes see them. Each has an owner and a lease; what the owner says of it is fenced
/// by its name, so that one who has been away too long changes nothing.
/// </summary>
/// <remarks>All answers share a hash tag, since one may have to make room for another.</remarks>
internal sealed class RedisAnswers(
    RedisConnection connection,
    RedisFleet fleet,
    RedisOptions options,
    IdempotencyOptions kept,
    RedisClock clock
)
{
    /// <summary>What is fetched at once: some hundred microseconds of the server's time.</summary>
    public const int PieceBytes = 64 * 1024;

    private static readonly RedisScript Claim = RedisScript.Load("clock", "generation", "claim");
    private static readonly RedisScript Tell = RedisScript.Load("clock", "generation", "tell");
    private static readonly RedisScript Follow = RedisScript.Load("clock", "generation", "follow");
    private static readonly RedisScript Leave = new("return redis.call('ZREM', KEYS[3], ARGV[1])");

    private readonly long _lease = options.TwinLeaseSeconds * 1_000_000L;
    private readonly long _keeps = (long)(kept.Hours * 3_600_000_000);

    public bool IsUsable => connection.IsUsable;

    public TimeSpan Lease { get; } = TimeSpan.FromSeconds(options.TwinLeaseSeconds);

    /// <summary>Between two words, or two looks.</summary>
    public TimeSpan Pause { get; } = TimeSpan.FromMilliseconds(options.TwinMilliseconds);

    /// <summary>On the path of a request.</summary>
    /// <param name="owner">Who asks.</param>
    /// <returns>Null: there was no answer in time, and nobody knows whether it is theirs.</returns>
    public async Task<(ClaimOutcome Outcome, string Owner)?> ClaimAsync(Recording recording, string owner)
    {
        var reply = await connection.DecideAsync(
            Claim,
            KeysOf(recording),
            [clock.Now, fleet.Node, owner, recording.Body.ToString(), _lease]
        );
        return reply is null
            ? null
            : (
                (int)reply[0] switch
                {
                    1 => ClaimOutcome.Owned,
                    2 => ClaimOutcome.Attached,
                    3 => ClaimOutcome.OtherBody,
                    _ => ClaimOutcome.Unavailable,
                },
                (string)reply[1]!
            );
    }

    /// <returns>Null: nobody knows whether it was heard; it may be said again.</returns>
    public async Task<TwinReply?> TellAsync(Recording recording, string owner, TwinWord word)
    {
        var reply = await connection.RunAsync(
            Tell,
            KeysOf(recording),
            [
                clock.Now,
                fleet.Node,
                owner,
                recording.Body.ToString(),
                _lease,
                word.State,
                word.Offset,
                word.Payload,
                word.Total,
                Write(word.Head, TwinJson.Default.AnswerHead),
                Write(word.Failure, TwinJson.Default.AnswerFailure),
                _keeps,
                options.AnswerBytes,
                kept.Keys,
            ]
        );
        return reply is null ? null : new TwinReply((long)reply[0], (long)reply[1] > 0);
    }

    /// <returns>Null: there was no answer in time.</returns>
    public async Task<TwinNews?> FollowAsync(Recording recording, string owner, long offset)
    {
        var reply = await connection.RunAsync(
            Follow,
            KeysOf(recording),
            [clock.Now, fleet.Node, owner, _lease, offset, PieceBytes]
        );
        return reply is null
            ? null
            : new TwinNews(
                (string)reply[0]!,
                Read((byte[])reply[1]!, TwinJson.Default.AnswerHead),
                (byte[])reply[2]!,
                Read((byte[])reply[3]!, TwinJson.Default.AnswerFailure),
                (long)reply[4]
            );
    }

    /// <summary>Nobody on this node listens any more.</summary>
    public Task LeaveAsync(Recording recording) => connection.RunAsync(Leave, KeysOf(recording), [fleet.Node]);

    private RedisKey[] KeysOf(Recording recording)
    {
        var answers = $"{{{connection.Prefix}:twins}}";
        var entry = $"{answers}:{recording.Key.WorkspaceId:N}:{recording.Key.Name}";
        return [entry, entry + ":bytes", entry + ":listeners", answers];
    }

    private static RedisValue Write<T>(T? value, JsonTypeInfo<T> type)
        where T : class => value is null ? RedisValue.EmptyString : JsonSerializer.SerializeToUtf8Bytes(value, type);

    private static T? Read<T>(byte[] text, JsonTypeInfo<T> type)
        where T : class => text.Length == 0 ? null : JsonSerializer.Deserialize(text, type);
}
