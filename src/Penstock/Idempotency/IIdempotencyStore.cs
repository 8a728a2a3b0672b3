namespace Penstock.Idempotency;

/// <summary>
/// Where the answers of requests with a key are kept: in this process, or in one place that all nodes share. Of all
/// who claim a key with one body at a time exactly one owns it; the others hear what it hears.
/// </summary>
internal interface IIdempotencyStore
{
    /// <summary>Never fails and never waits long: a store that is away is done without.</summary>
    /// <param name="body">The fingerprint of whatever decides the answer.</param>
    ValueTask<IdempotencyClaim> ClaimAsync(IdempotencyKey key, Fingerprint body, CancellationToken cancellationToken);

    /// <summary>
    /// The owner's answer is whole: from now on it is found for as long as answers are kept. Awaited before it is
    /// billed, so that whoever comes later, on whatever node, finds it or finds it not billed.
    /// </summary>
    ValueTask KeepAsync(Recording recording);
}
