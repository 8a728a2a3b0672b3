using System.Runtime.CompilerServices;
using Penstock.Forwarding;
using Penstock.Primitives;
using Penstock.Routing;

namespace Penstock.Inference;

/// <summary>
/// One deployment's turn: attempts at its replicas until one answers, or none is left that might. Another replica comes
/// first; the same one only where it is alone, after a pause; and all within the deployment's retry budget.
/// </summary>
internal sealed class RouteTurn(InferenceAttempt attempt, RetryPolicy policy, OutgoingBody bodies, TimeProvider time)
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AttemptOutcome> TakeAsync(Caller caller, ChatRequest request, ModelRoute route)
    {
        var record = caller.Record;
        record.Route = route;
        record.Trace?.Turn(route);
        route.Retries.Earn();
        var claim = Claims.Of(request, route, record, caller.Context.Request.Headers);
        var upstream = CreateRequest(caller, request, route);
        var deadline = time.GetTimestamp() + time.Ticks(route.Deployment.Timeouts.Total);
        var attempted = Attempted.Nothing;
        var patience = new Patience(policy, route.Deployment.Limits.QueueWait, time);
        while (true)
        {
            var admission = route.Admission.Enter(claim, attempted, record.Trace);
            if (admission.Place is { } place)
            {
                admission = await WaitAsync(caller, route, place);
            }

            if (admission.Slot is not { } slot)
            {
                if (await MayOutwaitAsync(caller, route, attempted, admission.Refusal.RetryAfter, patience))
                {
                    attempted = attempted.Later();
                    continue;
                }

                return NoSlot(caller, admission.Refusal);
            }

            var outcome = await AttemptAsync(caller, request, upstream, slot, deadline);
            if (outcome.Refusal is null)
            {
                return outcome;
            }

            var giveUp = outcome.IsUnable || outcome.Retry == Retry.Elsewhere;
            attempted = attempted.With(slot.Replica, outcome.HasProgress, giveUp);
            if (outcome.HasProgress)
            {
                patience.Renew();
            }

            if (outcome.IsUnreached && !route.Admission.HasAnother(attempted))
            {
                if (await MayOutwaitAsync(caller, route, attempted, null, patience))
                {
                    attempted = attempted.Later();
                    continue;
                }

                return outcome;
            }

            if (!await MayTryAgainAsync(caller, route, attempted, outcome))
            {
                return outcome;
            }
        }
    }

    /// <summary>A bounded wait in the line; whoever waits for a stream sees comments meanwhile.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Admission> WaitAsync(Caller caller, ModelRoute route, QueuePlace place)
    {
        caller.Record.Trace?.Queued();
        Admission admission = default;
        try
        {
            var wait = place.Outcome.WaitAsync(route.Admission.LongestWait, time, caller.Gone);
            admission = await caller.WhileWaitingAsync(new ValueTask<Admission>(wait));
        }
        catch (TimeoutException)
        {
            admission = route.Admission.TimeIsUp();
        }
        catch (OperationCanceledException)
        {
            // Gone: there is nobody left to be told why.
        }
        finally
        {
            if (admission.Slot is null)
            {
                place.Leave();
            }
        }

        caller.Record.Trace?.Unqueued(admission.Slot is null ? "without a slot" : "with a slot");
        return admission;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<AttemptOutcome> AttemptAsync(
        Caller caller,
        ChatRequest request,
        UpstreamRequest upstream,
        ReplicaSlot slot,
        long deadline
    )
    {
        var replica = slot.Replica;
        var trace = caller.Record.Trace;
        // Until it is known how it ended: an exception leaves the engine at work.
        var brokenOff = true;
        trace?.Attempt(replica);
        try
        {
            var outcome = await attempt.RunAsync(caller, request, upstream, replica, deadline);
            Diagnosis.Note(replica, outcome, time);
            brokenOff = Diagnosis.LeavesWork(outcome);
            var ending = outcome.Refusal?.Ending ?? InferenceEnding.Completed;
            trace?.AttemptEnded(replica, EndingFacts.Of(ending).Label, outcome.Refusal?.Status ?? 0);
            return outcome;
        }
        finally
        {
            slot.Release(brokenOff);
        }
    }

    /// <summary>Whoever has a part of a stream waits for a replica to come back, with comments meanwhile.</summary>
    private async ValueTask<bool> MayOutwaitAsync(
        Caller caller,
        ModelRoute route,
        Attempted attempted,
        TimeSpan? asked,
        Patience patience
    )
    {
        var isHopeful = caller.Broken is not null && route.Replicas.Any(replica => !attempted.HasGivenUp(replica));
        if (!isHopeful || caller.Gone.IsCancellationRequested || patience.Next(asked) is not { } wait)
        {
            return false;
        }

        caller.Record.Trace?.Pause();
        await caller.WhileWaitingAsync(Task.Delay(wait, time, caller.Gone));
        return true;
    }

    /// <summary>Waits where the same replica is to be tried again; another one is tried at once.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> MayTryAgainAsync(
        Caller caller,
        ModelRoute route,
        Attempted attempted,
        AttemptOutcome outcome
    )
    {
        if (outcome.Retry == Retry.Nowhere || attempted.Count >= route.Deployment.Attempts)
        {
            return false;
        }

        var another = route.Admission.HasAnother(attempted);
        if (!another && outcome.Retry == Retry.Elsewhere)
        {
            return false;
        }

        var pause = another ? TimeSpan.Zero : policy.Pause(attempted.Count, outcome.RetryAfterSeconds);
        // Going on repeats no work, so it is free once for each part of the answer; what fails to go on is a retry.
        if (pause is not { } wait || !(outcome.HasProgress || route.Retries.TrySpend()))
        {
            return false;
        }

        if (wait > TimeSpan.Zero)
        {
            caller.Record.Trace?.Pause();
            await caller.WhileWaitingAsync(Task.Delay(wait, time, caller.Gone));
        }

        return true;
    }

    private static AttemptOutcome NoSlot(Caller caller, in NoSlot refusal) =>
        caller.Gone.IsCancellationRequested
            ? AttemptOutcome.Of(UpstreamFailure.ClientGone)
            : new(NoSlotRefusals.Of(refusal), Retry.Elsewhere);

    private UpstreamRequest CreateRequest(Caller caller, ChatRequest request, ModelRoute route)
    {
        var headers = caller.Context.Request.Headers;
        return new UpstreamRequest
        {
            RequestId = caller.Record.RequestId,
            TraceParent = headers.TraceParent,
            TraceState = headers.TraceState,
            Stream = request.Envelope.Stream,
            Body = bodies.Of(request, route, caller.Record.Grant!),
        };
    }
}
