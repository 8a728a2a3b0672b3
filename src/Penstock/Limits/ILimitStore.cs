namespace Penstock.Limits;

/// <summary>
/// Where the history of the keys is kept: in this process, or in one place that all nodes share. Decisions on one
/// key stand in one order, whoever asks.
/// </summary>
internal interface ILimitStore
{
    /// <summary>Asks for one request, which counts if it is granted.</summary>
    ValueTask<LimitDecision> TakeAsync(Limit limit, CancellationToken cancellationToken);

    /// <summary>Tells how the key stands without asking for anything: always granted, nothing counts.</summary>
    ValueTask<LimitDecision> PeekAsync(Limit limit, CancellationToken cancellationToken);
}
