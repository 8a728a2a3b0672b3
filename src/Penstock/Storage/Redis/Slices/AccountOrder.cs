using Penstock.Keys;
using Penstock.Limits;

namespace Penstock.Storage.Redis.Slices;

/// <summary>One message of a node about its slice of an account.</summary>
/// <param name="Slice">Its name at the server.</param>
/// <param name="Credited">What was ever paid beforehand; null: nothing has to be.</param>
/// <param name="Held">What the slice stands for: running requests, what is used and not told, what is left.</param>
/// <param name="Left">Of that, what is not granted.</param>
/// <param name="Untold">Tokens of requests that began and are not told.</param>
/// <param name="Wanted">What shall be left.</param>
/// <param name="Least">A slice that has less is of no use.</param>
/// <param name="SentAt">Timestamp: before the server can have heard of it.</param>
internal sealed record AccountOrder(
    string Slice,
    AccountBatch Batch,
    Allowance Limits,
    long? Credited,
    Outlay Held,
    Outlay Left,
    long Untold,
    Outlay Wanted,
    Outlay Least,
    long SentAt
) : SliceOrder(SentAt);
