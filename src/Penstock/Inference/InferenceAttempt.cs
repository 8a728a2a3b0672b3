using System.Runtime.CompilerServices;
using Penstock.Engines;
using Penstock.Forwarding;
using Penstock.Primitives;
using Penstock.Primitives.Frames;
using Penstock.Relaying;
using Penstock.Routing;

namespace Penstock.Inference;

/// <summary>Steps 6 and 7 once: send the request to a replica and hand its answer to the caller.</summary>
internal sealed class InferenceAttempt(
    CallFactory calls,
    ForwardingOptions forwarding,
    RelayOptions relaying,
    StreamRescue rescue,
    ILogger<InferenceAttempt> logger,
    TimeProvider time
)
{
    /// <param name="slot">Given back in the end.</param>
    /// <param name="before">What has been attempted for this request.</param>
    [AsyncMethodBuilder(typeof(FrameMethodBuilder<>))]
    public async ValueTask<AttemptOutcome> RunAsync(
        Caller caller,
        ChatRequest request,
        UpstreamRequest upstream,
        ReplicaSlot slot,
        Attempted before,
        long deadline
    )
    {
        var record = caller.Record;
        var entry = new AttemptEntry(slot, before, record.Trace, time);
        record.Trace?.Attempt(slot.Replica);
        try
        {
            caller.Expect(record.Route!, request.Envelope);
            var story = caller.Continuation is { IsShown: true } shown ? shown : null;
            using var resumption = story is null
                ? null
                : Resumption.Begin(story, upstream, record.Route!.Deployment, slot.Replica);
            AttemptOutcome outcome;
            if (story is not null && resumption is null)
            {
                outcome = new(caller.Broken, Retry.Anywhere) { IsUnable = true };
            }
            else
            {
                record.Attempt(slot.Replica, entry.Began);
                using var call = calls.Create();
                // The caller's hang-up ends the call at once, whatever it waits for.
                await using var gone = caller.Gone.UnsafeRegister(
                    static call => ((UpstreamCall)call!).Abort(UpstreamFailure.ClientGone),
                    call
                );
                var answer = new Answer(caller, request, call, relaying, slot.Replica.Engine, time);
                var sent = resumption?.Request ?? upstream;
                var isSent = await call.SendAsync(slot.Replica, sent, record.Route!.Deployment.Timeouts, deadline);
                var head = isSent ? ReadStep.Pending : ReadStep.Failed;
                while (head is not (ReadStep.Data or ReadStep.Failed))
                {
                    await answer.BeforeNextLookAsync(head);
                    head = call.TryReadHead();
                }

                outcome =
                    head == ReadStep.Data
                        ? await FinishAsync(caller, slot.Replica, call, answer)
                        : AttemptOutcome.Of(call.Failure);
            }

            outcome = story is null ? outcome : outcome with { IsMidway = true };
            outcome = await rescue.JudgeAsync(outcome, caller, request, upstream);
            entry.End(outcome);
            return outcome;
        }
        finally
        {
            // An exception leaves the engine at work.
            entry.BreakOff();
        }
    }

    /// <summary>The replica's head is there: its answer goes to the caller, or its refusal is read.</summary>
    private ValueTask<AttemptOutcome> FinishAsync(Caller caller, Replica replica, UpstreamCall call, Answer answer)
    {
        var now = time.GetTimestamp();
        caller.Record.Trace?.Answering(replica, call.Head.Status, now);
        if (call.Head.Status is < 200 or >= 300)
        {
            return ReadRefusalAsync(caller.Record, replica, call);
        }

        replica.Answered(now);
        return answer.RelayAsync();
    }

    /// <summary>The rest of a call that another has opened as far as the answer's first byte.</summary>
    public async ValueTask<AttemptOutcome> FinishAsync(
        Caller caller,
        ChatRequest request,
        UpstreamRequest upstream,
        Replica replica,
        UpstreamCall call
    )
    {
        caller.Record.Answers(replica);
        var answer = new Answer(caller, request, call, relaying, replica.Engine, time);
        var outcome = await FinishAsync(caller, replica, call, answer);
        return await rescue.JudgeAsync(outcome, caller, request, upstream);
    }

    /// <summary>Why a call brought no answer that could be given to the caller.</summary>
    public ValueTask<AttemptOutcome> FailureOfAsync(InferenceRecord record, Replica replica, UpstreamCall call) =>
        call.Failure == UpstreamFailure.None
            ? ReadRefusalAsync(record, replica, call)
            : new ValueTask<AttemptOutcome>(AttemptOutcome.Of(call.Failure));

    [AsyncMethodBuilder(typeof(FrameMethodBuilder<>))]
    private async ValueTask<AttemptOutcome> ReadRefusalAsync(InferenceRecord record, Replica replica, UpstreamCall call)
    {
        var retryAfter = call.Head.RetryAfterSeconds;
        using var body = await HeldAnswer.ReadAsync(call, forwarding.ErrorBodyBytes);
        if (call.Failure == UpstreamFailure.ClientGone)
        {
            return AttemptOutcome.Of(UpstreamFailure.ClientGone);
        }

        var error = EngineErrorReader.Read(replica.Engine, call.Head.Status, body.Bytes.Span);
        var status = error.Status ?? call.Head.Status;
        if (status is 401 or 403)
        {
            logger.EngineDenied(record.Route!.DeploymentId, status);
        }

        return AttemptOutcome.Of(status, error, retryAfter);
    }
}
