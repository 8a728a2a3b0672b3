using System.Runtime.CompilerServices;
using Penstock.Engines;
using Penstock.Envelopes;
using Penstock.Forwarding;
using Penstock.Relaying;
using Penstock.Routing;

namespace Penstock.Inference;

/// <summary>Steps 6 and 7 once: send the request to a replica and hand its answer to the caller.</summary>
internal sealed class InferenceAttempt(
    CallFactory calls,
    ForwardingOptions forwarding,
    RelayOptions relaying,
    ILogger<InferenceAttempt> logger,
    TimeProvider time
)
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AttemptOutcome> RunAsync(
        HttpContext context,
        InferenceRecord record,
        ChatRequest request,
        UpstreamRequest upstream,
        Replica replica,
        long deadline
    )
    {
        record.Attempts++;
        using var call = calls.Create();
        // The caller's hang-up ends the call at once, whatever it waits for.
        await using var gone = context.RequestAborted.UnsafeRegister(
            static call => ((UpstreamCall)call!).Abort(UpstreamFailure.ClientGone),
            call
        );
        var answer = new Answer(context, record, request, call, relaying, time);
        if (!await call.SendAsync(replica, upstream, record.Route!.Deployment.Timeouts, deadline))
        {
            return Failed(replica, call.Failure);
        }

        if (await answer.ReadHeadAsync() == Primitives.ReadStep.Failed)
        {
            return Failed(replica, call.Failure);
        }

        replica.Answered();
        if (call.Head.Status is < 200 or >= 300)
        {
            return await ReadRefusalAsync(record, replica, call);
        }

        var refusal = await answer.RelayAsync();
        return new(
            refusal,
            context.Response.HasStarted ? Retry.Nowhere
                : answer.RefusedWith is { } status ? RetryOf(status)
                : RetryOf(call.Failure)
        );
    }

    private AttemptOutcome Failed(Replica replica, UpstreamFailure failure)
    {
        if (failure is UpstreamFailure.Connect or UpstreamFailure.Closed)
        {
            replica.Failed(time);
        }

        return new(EngineRefusals.Of(failure), RetryOf(failure));
    }

    private static Retry RetryOf(UpstreamFailure failure) =>
        !RetryPolicy.IsTransient(failure) ? Retry.Nowhere
        : failure == UpstreamFailure.Closed ? Retry.Anywhere
        : Retry.Elsewhere;

    private static Retry RetryOf(int status) => RetryPolicy.IsTransient(status) ? Retry.Anywhere : Retry.Nowhere;

    private async ValueTask<AttemptOutcome> ReadRefusalAsync(InferenceRecord record, Replica replica, UpstreamCall call)
    {
        var retryAfter = call.Head.RetryAfterSeconds;
        using var body = await HeldAnswer.ReadAsync(call, forwarding.ErrorBodyBytes);
        if (call.Failure == UpstreamFailure.ClientGone)
        {
            return new(EngineRefusals.Of(UpstreamFailure.ClientGone), Retry.Nowhere);
        }

        var error = EngineErrorReader.Read(replica.Engine, call.Head.Status, body.Bytes.Span);
        var status = error.Status ?? call.Head.Status;
        if (status is 401 or 403)
        {
            logger.EngineDenied(record.Route!.DeploymentId, status);
        }

        return new(EngineRefusals.Of(status, error, retryAfter), RetryOf(status), Math.Max(0, retryAfter));
    }
}
