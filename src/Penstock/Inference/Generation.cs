using Penstock.Idempotency;
using Penstock.Routing;

namespace Penstock.Inference;

/// <summary>What costs: money is set aside, and engines are asked until one has answered (steps 4 to 7).</summary>
internal sealed class Generation(Purse purse, Failover failover)
{
    /// <param name="recorded">Where the answer goes if others listen to it; null: to the caller.</param>
    /// <returns>Null when the caller has an answer.</returns>
    public ValueTask<InferenceRefusal?> RunAsync(
        HttpContext context,
        InferenceRecord record,
        ChatRequest request,
        IReadOnlyList<ModelRoute> routes,
        RecordedWriter? recorded = null
    )
    {
        var reserving = purse.ReserveAsync(context, record, request, routes[0]);
        if (!reserving.IsCompletedSuccessfully)
        {
            return ReservedAsync(reserving, context, record, request, routes, recorded);
        }

        return reserving.Result is { } broke
            ? new ValueTask<InferenceRefusal?>(broke)
            : failover.RunAsync(context, record, request, routes, recorded);
    }

    private async ValueTask<InferenceRefusal?> ReservedAsync(
        ValueTask<InferenceRefusal?> reserving,
        HttpContext context,
        InferenceRecord record,
        ChatRequest request,
        IReadOnlyList<ModelRoute> routes,
        RecordedWriter? recorded
    ) => await reserving ?? await failover.RunAsync(context, record, request, routes, recorded);
}
