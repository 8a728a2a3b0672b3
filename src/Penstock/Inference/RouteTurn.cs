using Penstock.Envelopes;
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
    public async ValueTask<AttemptOutcome> TakeAsync(
        HttpContext context,
        InferenceRecord record,
        ChatRequest request,
        ModelRoute route,
        Claim claim
    )
    {
        record.Route = route;
        record.Trace?.Turn(route);
        route.Retries.Earn();
        var upstream = CreateRequest(context, record, request, route);
        var deadline = time.GetTimestamp() + time.Ticks(route.Deployment.Timeouts.Total);
        var attempted = Attempted.Nothing;
        while (true)
        {
            var admission = await EnterAsync(context, record, route, claim, attempted);
            if (admission.Slot is not { } slot)
            {
                return NoSlot(context, admission.Refusal);
            }

            var outcome = await AttemptAsync(context, record, request, upstream, slot, deadline);
            if (outcome.Refusal is null)
            {
                return outcome;
            }

            attempted = new Attempted([.. attempted.Replicas ?? [], slot.Replica], outcome.Retry == Retry.Elsewhere);
            if (!await MayTryAgainAsync(context, record, route, attempted, outcome))
            {
                return outcome;
            }
        }
    }

    /// <summary>A slot at once, or after a bounded wait in the line.</summary>
    private async ValueTask<Admission> EnterAsync(
        HttpContext context,
        InferenceRecord record,
        ModelRoute route,
        Claim claim,
        Attempted attempted
    )
    {
        var admission = route.Admission.Enter(claim, attempted, record.Trace);
        if (admission.Place is not { } place)
        {
            return admission;
        }

        record.Trace?.Queued();
        try
        {
            admission = await place.Outcome.WaitAsync(route.Admission.LongestWait, time, context.RequestAborted);
        }
        catch (TimeoutException)
        {
            place.Leave();
            admission = route.Admission.TimeIsUp();
        }
        catch (OperationCanceledException)
        {
            place.Leave();
        }

        record.Trace?.Unqueued(admission.Slot is null ? "no slot" : "slot");
        return admission;
    }

    private async ValueTask<AttemptOutcome> AttemptAsync(
        HttpContext context,
        InferenceRecord record,
        ChatRequest request,
        UpstreamRequest upstream,
        ReplicaSlot slot,
        long deadline
    )
    {
        var replica = slot.Replica;
        // Until it is known how it ended: an exception leaves the engine at work.
        var brokenOff = true;
        record.Trace?.Attempt(replica);
        try
        {
            var outcome = await attempt.RunAsync(context, record, request, upstream, replica, deadline);
            Diagnosis.Note(replica, outcome, time);
            brokenOff = Diagnosis.LeavesWork(outcome.Refusal);
            record.Trace?.AttemptEnded(
                replica,
                EndingFacts.Of(outcome.Refusal?.Ending ?? InferenceEnding.Completed).Label,
                outcome.Refusal?.Status ?? StatusCodes.Status200OK
            );
            return outcome;
        }
        finally
        {
            slot.Release(brokenOff);
        }
    }

    /// <summary>Waits where the same replica is to be tried again; another one is tried at once.</summary>
    private async ValueTask<bool> MayTryAgainAsync(
        HttpContext context,
        InferenceRecord record,
        ModelRoute route,
        Attempted attempted,
        AttemptOutcome outcome
    )
    {
        var tries = attempted.Replicas!.Count;
        if (outcome.Retry == Retry.Nowhere || tries >= route.Deployment.Attempts)
        {
            return false;
        }

        var another = route.Admission.HasAnother(attempted);
        if (!another && outcome.Retry == Retry.Elsewhere)
        {
            return false;
        }

        var pause = another ? TimeSpan.Zero : policy.Pause(tries, outcome.RetryAfterSeconds);
        if (pause is not { } wait || !route.Retries.TrySpend())
        {
            return false;
        }

        if (wait > TimeSpan.Zero)
        {
            record.Trace?.Pause();
            await Task.Delay(wait, time, context.RequestAborted);
        }

        return true;
    }

    private static AttemptOutcome NoSlot(HttpContext context, in NoSlot refusal) =>
        context.RequestAborted.IsCancellationRequested
            ? new(EngineRefusals.Of(UpstreamFailure.ClientGone), Retry.Nowhere)
            : new(NoSlotRefusals.Of(refusal), Retry.Elsewhere);

    private UpstreamRequest CreateRequest(
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
            Body = bodies.Of(request, route, record.Grant!),
        };
    }
}
