using Penstock.Idempotency;

namespace Penstock.Storage.Redis;

/// <summary>What an owner says of its generation, once.</summary>
/// <param name="State">As the scripts name it.</param>
/// <param name="Offset">Bytes that have been said before.</param>
/// <param name="Total">Bytes of the answer so far.</param>
internal readonly record struct TwinWord(
    string State,
    long Offset,
    ReadOnlyMemory<byte> Payload,
    long Total,
    AnswerHead? Head,
    AnswerFailure? Failure
)
{
    public const string Open = "open";
    public const string Unkept = "unkept";
    public const string Whole = "whole";
    public const string Lost = "lost";
    public const string Failed = "failed";
    public const string Gone = "gone";

    /// <summary>Nothing comes after it.</summary>
    public bool IsLast => State is Whole or Lost or Failed or Gone;
}

/// <summary>What a node that listens hears of it.</summary>
/// <param name="Total">Bytes that are there.</param>
internal readonly record struct TwinNews(
    string State,
    AnswerHead? Head,
    ReadOnlyMemory<byte> Payload,
    AnswerFailure? Failure,
    long Total
);

/// <summary>What the server says to a word.</summary>
/// <param name="Length">Bytes of the answer that it has; negative: the generation is somebody else's.</param>
/// <param name="IsHeard">Another node listens.</param>
internal readonly record struct TwinReply(long Length, bool IsHeard);
