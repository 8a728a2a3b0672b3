using System.Runtime.CompilerServices;
using Penstock.Envelopes;
using Penstock.Idempotency;
using Penstock.Primitives.Frames;
using Penstock.Relaying;
using Penstock.Routing;

namespace Penstock.Inference;

/// <summary>
/// Steps 5 to 7, repeated while nothing has been shown to the caller: the model's deployments in order, their
/// replicas, then the fallback models. Once a part of a stream is shown they repeat only to go on with it.
/// </summary>
internal sealed class Failover(
    Router router,
    RouteTurns turns,
    FieldNotices notices,
    RelayOptions relaying,
    TimeProvider time
)
{
    /// <param name="recorded">Where the answer goes if others listen to it; null: to the caller.</param>
    /// <returns>Null when the caller has an answer.</returns>
    [AsyncMethodBuilder(typeof(FrameMethodBuilder<>))]
    public async ValueTask<InferenceRefusal?> RunAsync(
        HttpContext context,
        InferenceRecord record,
        ChatRequest request,
        IReadOnlyList<ModelRoute> routes,
        RecordedWriter? recorded
    )
    {
        using var caller = new Caller(context, record, relaying, time, recorded);
        var first = record.Asked = routes[0];
        var order = new RouteOrder(routes, router.Table, record.Grant!.WorkspaceId);
        InferenceRefusal? refusal = null;
        while (order.Next() is { } route)
        {
            // Once the head of the contract is out it names the deployment: no other may answer, but to go on.
            if (caller.HasHead && !caller.MayGoOnWith(route))
            {
                record.Trace?.PassedOver(route, "the caller has the head of another's answer");
                continue;
            }

            if (route.Refuse(request.Envelope, request.Body.Span) is { } wrong)
            {
                if (route == first)
                {
                    return InferenceRefusal.Of(wrong);
                }

                record.Trace?.PassedOver(route, "the request is beyond its limits");
                continue;
            }

            if (IsTooShort(route, refusal, record.Route))
            {
                record.Trace?.PassedOver(route, "its context is not known to be longer");
                continue;
            }

            notices.Tell(route, request.Envelope);
            var turn = turns.Begin(caller, request, route, order.IsAtEnd);
            AttemptOutcome outcome;
            do
            {
                outcome = await turn.AttemptAsync();
            } while (outcome.Refusal is not null && await turn.GoesOnAsync(outcome));

            if (outcome.Refusal is null || (outcome.Retry == Retry.Nowhere && !IsContextLength(outcome.Refusal)))
            {
                return caller.LastWord(outcome.Refusal);
            }

            refusal = outcome.Refusal;
        }
        return caller.LastWord(refusal);
    }

    /// <summary>A prompt that was too long for one model goes to none but a model that is known to take more.</summary>
    private static bool IsTooShort(ModelRoute route, InferenceRefusal? refusal, ModelRoute? before) =>
        IsContextLength(refusal) && !(route.ContextLength > (before?.ContextLength ?? 0));

    private static bool IsContextLength(InferenceRefusal? refusal) =>
        refusal?.Code == RefusalCode.ContextLengthExceeded;
}
