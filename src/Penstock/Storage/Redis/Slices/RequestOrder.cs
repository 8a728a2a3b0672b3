using Penstock.Limits;

namespace Penstock.Storage.Redis.Slices;

/// <summary>One message of a node about its slice of a key's limit: what was used of it, and what it shall hold.</summary>
/// <param name="Number">Of this slice's messages: the server hears them in this order.</param>
/// <param name="Slice">Its name at the server.</param>
/// <param name="Used">Requests granted since the last message.</param>
/// <param name="UsedAgo">Microseconds since the last of them.</param>
/// <param name="Keeps">What is left stays leased; else it is given back.</param>
/// <param name="Wanted">Requests that the slice shall hold.</param>
/// <param name="SentAt">Timestamp: before the server can have heard of it.</param>
internal sealed record RequestOrder(
    long Number,
    string Slice,
    Limit Limit,
    int Used,
    long UsedAgo,
    bool Keeps,
    long Wanted,
    long SentAt
) : SliceOrder(SentAt);
