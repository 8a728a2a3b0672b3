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
internal sealed class RouteTurn(RouteTurns turns, Caller caller, ChatRequest request, ModelRoute route, bool isLast)
{
    private readonly Claim _claim = Claims.Of(request, route, caller.Record, caller.Context.Request.Headers);
    private readonly long _deadline = turns.Time.GetTimestamp() + turns.Time.Ticks(route.Deployment.Timeouts.Total);
    private Attempted _attempted = Attempted.Nothing;
    private Patience? _patience;

    // The last attempt's: whom it was at, or else when another makes sense.
    private Replica? _replica;
    private TimeSpan? _asked;

    public required UpstreamRequest Upstream { get; init; }

    /// <summary>One attempt, at a replica that has a slot; whoever has to wait for one does.</summary>
    public ValueTask<AttemptOutcome> AttemptAsync()
    {
        var admission = route.Admission.Enter(_claim, _attempted, caller.Record.Trace);
        return admission.Place is { } place ? WaitAndAttemptAsync(place) : AttemptAsync(admission);
    }

    /// <summary>Whether another attempt is worth it, after a pause if it needs one.</summary>
    /// <param name="outcome">The last one's, which has brought the caller no answer.</param>
    [AsyncMethodBuilder(typeof(FrameMethodBuilder<>))]
    public async ValueTask<bool> GoesOnAsync(AttemptOutcome outcome)
    {
        if (_replica is { } replica)
        {
            Note(outcome, replica);
            if (await MayTryAgainAsync(outcome))
            {
                return true;
            }

            if (!outcome.IsUnreached)
            {
                return false;
            }
        }
        else if (!outcome.IsUnreached && caller.Broken is null)
        {
            return false;
        }

        _patience ??= new Patience(turns.Policy, caller, route, isLast, turns.Time);
        if (!await _patience.WaitAsync(_attempted, _asked))
        {
            return false;
        }

        _attempted = _attempted.Later();
        return true;
    }

    private ValueTask<AttemptOutcome> AttemptAsync(in Admission admission)
    {
        if (admission.Slot is not { } slot)
        {
            (_replica, _asked) = (null, admission.Refusal.RetryAfter);
            return new(NoSlot(admission.Refusal));
        }

        (_replica, _asked) = (slot.Replica, null);
        return HedgedAttempt.MayServe(caller, route)
            ? turns.Hedged.RunAsync(caller, request, Upstream, slot, _attempted, _claim, _deadline)
            : turns.Attempt.RunAsync(caller, request, Upstream, slot, _attempted, _deadline);
    }

    [AsyncMethodBuilder(typeof(FrameMethodBuilder<>))]
    private async ValueTask<AttemptOutcome> WaitAndAttemptAsync(QueuePlace place) =>
        await AttemptAsync(await WaitAsync(place));

    /// <summary>A bounded wait in the line; whoever waits for a stream sees comments meanwhile.</summary>
    [AsyncMethodBuilder(typeof(FrameMethodBuilder<>))]
    private async ValueTask<Admission> WaitAsync(QueuePlace place)
    {
        caller.Record.Trace?.Queued();
        Admission admission = default;
        try
        {
            var wait = place.Outcome.WaitAsync(route.Admission.LongestWait, turns.Time, caller.Gone);
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

    private void Note(AttemptOutcome outcome, Replica replica)
    {
        var giveUp = outcome.IsUnable || (outcome.Retry == Retry.Elsewhere && !outcome.IsUnreached);
        _attempted = _attempted.With(outcome.Answerer ?? replica, outcome.HasProgress, giveUp);
        if (outcome.AlsoFailed is { } other)
        {
            _attempted = _attempted.With(other, anew: false, giveUp: false);
        }

        if (outcome.HasProgress)
        {
            _patience?.Renew();
        }
    }

    /// <summary>Waits where the same replica is to be tried again; another one is tried at once.</summary>
    [AsyncMethodBuilder(typeof(FrameMethodBuilder<>))]
    private async ValueTask<bool> MayTryAgainAsync(AttemptOutcome outcome)
    {
        if (outcome.Retry == Retry.Nowhere || _attempted.Count >= route.Deployment.Attempts)
        {
            return false;
        }

        var another = route.Admission.HasAnother(_attempted);
        if (!another && (outcome.Retry == Retry.Elsewhere || outcome.IsUnreached))
        {
            return false;
        }

        var pause = another ? TimeSpan.Zero : turns.Policy.Pause(_attempted.Count, outcome.RetryAfterSeconds);
        // Going on repeats no work, so it is free once for each part of the answer; what fails to go on is a retry. And
        // who could not be reached has done no work that would be repeated.
        if (pause is not { } wait || !(outcome.HasProgress || outcome.IsUnreached || route.Retries.TrySpend()))
        {
            return false;
        }

        if (wait > TimeSpan.Zero)
        {
            caller.Record.Trace?.Pause();
            await caller.WhileWaitingAsync(Task.Delay(wait, turns.Time, caller.Gone));
        }

        return true;
    }

    private AttemptOutcome NoSlot(in NoSlot refusal) =>
        caller.Gone.IsCancellationRequested
            ? AttemptOutcome.Of(UpstreamFailure.ClientGone)
            : new(NoSlotRefusals.Of(refusal), Retry.Elsewhere);
}
