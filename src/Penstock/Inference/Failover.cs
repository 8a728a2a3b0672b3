using Penstock.Envelopes;
using Penstock.Forwarding;
using Penstock.Routing;

namespace Penstock.Inference;

/// <summary>
/// Steps 5 to 7, repeated while nothing has been shown to the caller: the model's deployments in order, their
/// replicas, then the fallback models.
/// </summary>
internal sealed class Failover(Router router, InferenceAttempt attempt, TimeProvider time)
{
    /// <returns>Null when the caller has an answer.</returns>
    public async ValueTask<InferenceRefusal?> RunAsync(
        HttpContext context,
        InferenceRecord record,
        ChatRequest request,
        IReadOnlyList<ModelRoute> routes
    )
    {
        var first = record.Asked = routes[0];
        InferenceRefusal? refusal = null;
        foreach (var route in Candidates(routes, record.Grant!.WorkspaceId))
        {
            // Once the head of the contract is out it names the deployment: no other may answer.
            if (context.Response.HasStarted)
                break;
            if (route.Rules.CheckLimits(request.Envelope) is { } wrong)
            {
                if (route == first)
                    return InferenceRefusal.Of(wrong);
                continue;
            }
            var outcome = await TryRouteAsync(context, record, request, route);
            if (outcome.Refusal is null || !outcome.MayTryAgain)
                return outcome.Refusal;
            refusal = outcome.Refusal;
        }
        return refusal;
    }

    private IEnumerable<ModelRoute> Candidates(IReadOnlyList<ModelRoute> routes, Guid workspace)
    {
        foreach (var route in routes)
            yield return route;
        foreach (var model in routes[0].Deployment.Fallbacks)
        {
            foreach (var route in router.Table.Find(workspace, model))
                yield return route;
        }
    }

    private async ValueTask<AttemptOutcome> TryRouteAsync(
        HttpContext context,
        InferenceRecord record,
        ChatRequest request,
        ModelRoute route
    )
    {
        record.Route = route;
        var deployment = route.Deployment;
        var upstream = CreateRequest(context, record, request, route);
        var deadline = time.GetTimestamp() + (long)(deployment.Timeouts.Total.TotalSeconds * time.TimestampFrequency);
        var tried = new List<Replica>();
        AttemptOutcome outcome = default;
        for (var i = 0; i < deployment.Attempts; i++)
        {
            if (await route.Admission.EnterAsync(tried, time, context.RequestAborted) is not { } slot)
                return new(NoSlot(context), UpstreamFailure.None);
            try
            {
                outcome = await attempt.RunAsync(context, record, request, upstream, slot.Replica, deadline);
            }
            finally
            {
                slot.Release(time);
            }
            if (outcome.Refusal is null || !outcome.MayTryAgain || !MayTryReplica(route, tried, slot.Replica, outcome))
                return outcome;
        }
        return outcome;
    }

    /// <summary>
    /// A replica that closed the connection may do better the next time; one that cannot be reached or keeps silent
    /// only costs time while another is left.
    /// </summary>
    private static bool MayTryReplica(ModelRoute route, List<Replica> tried, Replica last, in AttemptOutcome outcome)
    {
        if (!tried.Contains(last))
            tried.Add(last);
        return tried.Count < route.Replicas.Count || outcome.Failure == UpstreamFailure.Closed;
    }

    private static InferenceRefusal NoSlot(HttpContext context) =>
        context.RequestAborted.IsCancellationRequested
            ? EngineRefusals.Of(UpstreamFailure.ClientGone)
            : new(
                InferenceEnding.QueueFull,
                "All replicas of this model are busy and the queue is full. Try again shortly."
            )
            {
                RetryAfterSeconds = 1,
            };

    private static UpstreamRequest CreateRequest(
        HttpContext context,
        InferenceRecord record,
        ChatRequest request,
        ModelRoute route
    )
    {
        var headers = context.Request.Headers;
        return new UpstreamRequest
        {
            RequestId = record.RequestId,
            TraceParent = headers.TraceParent,
            TraceState = headers.TraceState,
            Stream = request.Envelope.Stream,
            Body = route.Rules.Apply(request.Envelope, request.Body),
        };
    }
}
