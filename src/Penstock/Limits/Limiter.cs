using Penstock.Keys;

namespace Penstock.Limits;

/// <summary>Asks for the caller's next request under the limit that its key has now.</summary>
internal sealed class Limiter(ILimitStore store)
{
    /// <summary>Asks for one request, which counts if it is granted.</summary>
    public ValueTask<LimitDecision> TakeAsync(KeyGrant grant, CancellationToken cancellationToken) =>
        store.TakeAsync(Limit.Of(grant), cancellationToken);

    /// <summary>How the key stands, for calls that cost nothing.</summary>
    public ValueTask<LimitDecision> PeekAsync(KeyGrant grant, CancellationToken cancellationToken) =>
        store.PeekAsync(Limit.Of(grant), cancellationToken);
}
