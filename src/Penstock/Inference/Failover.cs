using System.Runtime.CompilerServices;
using Penstock.Envelopes;
using Penstock.Forwarding;
using Penstock.Routing;

namespace Penstock.Inference;

/// <summary>
/// Steps 5 to 7, repeated while nothing has been shown to the caller: the model's deployments in order, their
/// replicas, then the fallback models. Once a part of a stream is shown they repeat only to go on with it.
/// </summary>
internal sealed class Failover(
    Router router,
    InferenceAttempt attempt,
    RetryPolicy policy,
    FieldNotices notices,
    TimeProvider time
)
{
    /// <returns>Null when the caller has an answer.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<InferenceRefusal?> RunAsync(
        Caller caller,
        ChatRequest request,
        IReadOnlyList<ModelRoute> routes
    )
    {
        var record = caller.Record;
        var first = record.Asked = routes[0];
        InferenceRefusal? refusal = null;
        foreach (var route in Candidates(routes, record.Grant!.WorkspaceId))
        {
            // Once the head of the contract is out it names the deployment: no other may answer, but to go on.
            if (caller.HasHead && !caller.MayGoOnWith(route))
            {
                continue;
            }

            if (route.Refuse(request.Envelope, request.Body.Span) is { } wrong)
            {
                if (route == first)
                {
                    return InferenceRefusal.Of(wrong);
                }

                continue;
            }

            notices.Tell(route, request.Envelope);
            var outcome = await TryRouteAsync(caller, request, route);
            if (outcome.Refusal is null || outcome.Retry == Retry.Nowhere)
            {
                return outcome.Refusal;
            }

            refusal = outcome.Refusal;
        }
        return refusal;
    }

    private IEnumerable<ModelRoute> Candidates(IReadOnlyList<ModelRoute> routes, Guid workspace)
    {
        foreach (var route in routes)
        {
            yield return route;
        }

        foreach (var model in routes[0].Deployment.Fallbacks)
        {
            foreach (var route in router.Table.Find(workspace, model))
            {
                yield return route;
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<AttemptOutcome> TryRouteAsync(Caller caller, ChatRequest request, ModelRoute route)
    {
        caller.Record.Route = route;
        route.Retries.Earn();
        var deployment = route.Deployment;
        var upstream = CreateRequest(caller, request, route);
        var deadline = time.GetTimestamp() + (long)(deployment.Timeouts.Total.TotalSeconds * time.TimestampFrequency);
        var tried = new List<Replica>();
        while (true)
        {
            var place = route.Admission.EnterAsync(tried, time, caller.Gone);
            if (await caller.WhileWaitingAsync(place) is not { } slot)
            {
                return new(NoSlot(caller), Retry.Nowhere);
            }

            AttemptOutcome outcome;
            try
            {
                outcome = await attempt.RunAsync(caller, request, upstream, slot.Replica, deadline);
            }
            finally
            {
                slot.Release(time);
            }
            if (outcome.HasProgress)
            {
                tried.Clear();
            }

            tried.Add(slot.Replica);
            if (outcome.Refusal is null || !await MayTryAgainAsync(caller, route, tried, outcome))
            {
                return outcome;
            }
        }
    }

    /// <summary>Waits where the same replica is to be tried again; another one is tried at once.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> MayTryAgainAsync(
        Caller caller,
        ModelRoute route,
        List<Replica> tried,
        AttemptOutcome outcome
    )
    {
        if (outcome.Retry == Retry.Nowhere || tried.Count >= route.Deployment.Attempts)
        {
            return false;
        }

        var another = tried.Distinct().Count() < route.Replicas.Count;
        if (!another && outcome.Retry == Retry.Elsewhere)
        {
            return false;
        }

        var pause = another ? TimeSpan.Zero : policy.Pause(tried.Count, outcome.RetryAfterSeconds);
        // Going on repeats no work, so it is free once for each part of the answer; what fails to go on is a retry.
        if (pause is not { } wait || !(outcome.HasProgress || route.Retries.TrySpend()))
        {
            return false;
        }

        if (wait > TimeSpan.Zero)
        {
            await caller.WhileWaitingAsync(Task.Delay(wait, time, caller.Gone));
        }

        return true;
    }

    private static InferenceRefusal NoSlot(Caller caller) =>
        caller.Gone.IsCancellationRequested
            ? EngineRefusals.Of(UpstreamFailure.ClientGone)
            : new(
                InferenceEnding.QueueFull,
                "All replicas of this model are busy and the queue is full. Try again shortly."
            )
            {
                RetryAfterSeconds = 1,
            };

    private static UpstreamRequest CreateRequest(Caller caller, ChatRequest request, ModelRoute route)
    {
        var headers = caller.Context.Request.Headers;
        return new UpstreamRequest
        {
            RequestId = caller.Record.RequestId,
            TraceParent = headers.TraceParent,
            TraceState = headers.TraceState,
            Stream = request.Envelope.Stream,
            Body = route.Rules.Apply(request.Envelope, request.Body),
        };
    }
}
