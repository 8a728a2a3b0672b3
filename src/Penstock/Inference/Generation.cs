using System.Runtime.CompilerServices;
using Penstock.Idempotency;
using Penstock.Relaying;
using Penstock.Routing;

namespace Penstock.Inference;

/// <summary>What costs: money is set aside, and engines are asked until one has answered (steps 4 to 7).</summary>
internal sealed class Generation(Purse purse, Failover failover, RelayOptions options, TimeProvider time)
{
    /// <param name="recorded">Where the answer goes if others listen to it; null: to the caller.</param>
    /// <returns>Null when the caller has an answer.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<InferenceRefusal?> RunAsync(
        HttpContext context,
        InferenceRecord record,
        ChatRequest request,
        IReadOnlyList<ModelRoute> routes,
        RecordedWriter? recorded = null
    )
    {
        if (await purse.ReserveAsync(context, record, request, routes[0]) is { } broke)
        {
            return broke;
        }

        using var caller = new Caller(context, record, options, time, recorded);
        return caller.LastWord(await failover.RunAsync(caller, request, routes));
    }
}
