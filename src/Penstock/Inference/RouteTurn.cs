using System.Runtime.CompilerServices;
using Penstock.Forwarding;
using Penstock.Primitives;
using Penstock.Primitives.Frames;
using Penstock.Routing;

namespace Penstock.Inference;

/// <summary>
/// One deployment's turn: attempts at its replicas until one answers, or none is left that might. Another replica comes
/// first; the same one only where it is alone, after a pause; and all within the deployment's retry budget.
/// </summary>
internal sealed class RouteTurn(
    InferenceAttempt attempt,
    HedgedAttempt hedged,
    RetryPolicy policy,
    OutgoingBody bodies,
    TimeProvider time
)
{
    /// <param name="isLast">No other deployment may answer when this one cannot.</param>
    [AsyncMethodBuilder(typeof(FrameMethodBuilder<>))]
    public async ValueTask<AttemptOutcome> TakeAsync(Caller caller, ChatRequest request, ModelRoute route, bool isLast)
    {
        var record = caller.Record;
        record.Route = route;
        record.Trace?.Turn(route);
        route.Retries.Earn();
        var claim = Claims.Of(request, route, record, caller.Context.Request.Headers);
        var upstream = CreateRequest(caller, request, route);
        var deadline = time.GetTimestamp() + time.Ticks(route.Deployment.Timeouts.Total);
        var attempted = Attempted.Nothing;
        Patience? patience = null;
        while (true)
        {
            var admission = route.Admission.Enter(claim, attempted, record.Trace);
            if (admission.Place is { } place)
            {
                admission = await WaitAsync(caller, route, place);
            }

            AttemptOutcome outcome;
            TimeSpan? asked = null;
            if (admission.Slot is { } slot)
            {
                outcome = HedgedAttempt.MayServe(caller, route)
                    ? await hedged.RunAsync(caller, request, upstream, slot, attempted, claim, deadline)
                    : await attempt.RunAsync(caller, request, upstream, slot, attempted, deadline);
                if (outcome.Refusal is null)
                {
                    return outcome;
                }

                var giveUp = outcome.IsUnable || (outcome.Retry == Retry.Elsewhere && !outcome.IsUnreached);
                attempted = attempted.With(outcome.Answerer ?? slot.Replica, outcome.HasProgress, giveUp);
                if (outcome.AlsoFailed is { } other)
                {
                    attempted = attempted.With(other, anew: false, giveUp: false);
                }

                if (outcome.HasProgress)
                {
                    patience?.Renew();
                }

                if (await MayTryAgainAsync(caller, route, attempted, outcome))
                {
                    continue;
                }

                if (!outcome.IsUnreached)
                {
                    return outcome;
                }
            }
            else
            {
                (outcome, asked) = (NoSlot(caller, admission.Refusal), admission.Refusal.RetryAfter);
                if (!outcome.IsUnreached && caller.Broken is null)
                {
                    return outcome;
                }
            }

            patience ??= new Patience(policy, caller, route, isLast, time);
            if (!await patience.WaitAsync(attempted, asked))
            {
                return outcome;
            }

            attempted = attempted.Later();
        }
    }

    /// <summary>A bounded wait in the line; whoever waits for a stream sees comments meanwhile.</summary>
    [AsyncMethodBuilder(typeof(FrameMethodBuilder<>))]
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

    /// <summary>Waits where the same replica is to be tried again; another one is tried at once.</summary>
    [AsyncMethodBuilder(typeof(FrameMethodBuilder<>))]
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
        if (!another && (outcome.Retry == Retry.Elsewhere || outcome.IsUnreached))
        {
            return false;
        }

        var pause = another ? TimeSpan.Zero : policy.Pause(attempted.Count, outcome.RetryAfterSeconds);
        // Going on repeats no work, so it is free once for each part of the answer; what fails to go on is a retry. And
        // who could not be reached has done no work that would be repeated.
        if (pause is not { } wait || !(outcome.HasProgress || outcome.IsUnreached || route.Retries.TrySpend()))
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
