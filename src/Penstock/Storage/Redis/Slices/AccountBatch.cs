using Penstock.Limits;

namespace Penstock.Storage.Redis.Slices;

/// <summary>What is told once of an account: again and again, until the server answers.</summary>
/// <param name="Number">Higher than that of every earlier batch of this node: the server counts it once.</param>
/// <param name="Begun">Requests that began since the batch before.</param>
/// <param name="Epoch">The server's, as far as was known when the first of the requests ended.</param>
/// <param name="Amends">What is put right in earlier seconds.</param>
internal sealed record AccountBatch(
    long Number,
    Outlay Used,
    ClaimGroup Begun,
    string Epoch,
    IReadOnlyList<(long Second, long Tokens)> Amends
);
