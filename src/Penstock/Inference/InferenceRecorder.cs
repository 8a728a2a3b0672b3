using Microsoft.AspNetCore.Connections;
using Penstock.Envelopes;
using Penstock.Observability;
using Penstock.Routing.Explaining;

namespace Penstock.Inference;

/// <summary>Step 8: whatever the ending, it is counted once and told in one line.</summary>
internal sealed class InferenceRecorder(
    ILogger<InferenceRecorder> logger,
    FieldLog<InferenceRecorder> log,
    InferenceMetrics metrics,
    Explanations explanations,
    Settlement settlement,
    TimeProvider time
)
{
    public InferenceRecord Begin(HttpContext context)
    {
        var now = time.GetUtcNow();
        var id = RequestIds.Create(now);
        var record = new InferenceRecord
        {
            Id = id,
            ClientRequestId = RequestIds.ReadClientId(context.Request.Headers[RequestIds.ClientHeader]),
            Started = time.GetTimestamp(),
        };
        record.Trace = explanations.Begin(id, record.Started, now);
        context.Response.Headers[RequestIds.Header] = record.RequestId;
        if (record.ClientRequestId is not null)
        {
            context.Response.Headers[RequestIds.ClientHeader] = record.ClientRequestId;
        }

        metrics.Begin();
        return record;
    }

    /// <summary>The request ends with an error that the caller is told, if there is still a caller.</summary>
    public static async ValueTask RefuseAsync(HttpContext context, InferenceRecord record, InferenceRefusal refusal)
    {
        record.Ending = refusal.Ending;
        record.Status = refusal.Status;
        if (refusal.Ending != InferenceEnding.ClientGone)
        {
            await ErrorResponse.WriteAsync(context, refusal);
        }
    }

    /// <summary>An exception ended the request: a broken pipe, broken HTTP, or a bug.</summary>
    public async ValueTask FailAsync(HttpContext context, InferenceRecord record, Exception exception)
    {
        var refusal = Explain(context, exception);
        if (refusal.Ending == InferenceEnding.InternalError)
        {
            logger.Bug(exception, record.RequestId);
        }

        try
        {
            await RefuseAsync(context, record, refusal);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The caller could not be told: a closed connection says the rest.
            context.Abort();
        }
    }

    public void End(HttpContext context, InferenceRecord record)
    {
        if (context.Response.HasStarted && record.Ending != InferenceEnding.ClientGone)
        {
            record.Status = context.Response.StatusCode;
        }
        else if (record.Status == 0)
        {
            record.Status = EndingFacts.Of(record.Ending).Status;
        }

        record.Finish(time);
        KeepTrace(record);
        settlement.Settle(record);
        metrics.End(record);
        log.Ended(record);
    }

    private void KeepTrace(InferenceRecord record)
    {
        if (record.Trace is not { } trace)
        {
            return;
        }

        trace.End(
            record.Grant?.Workspace,
            record.Asked?.Deployment.Model,
            EndingFacts.Of(record.Ending).Label,
            record.Status,
            record.Duration,
            record.TimeToFirstByte
        );
        var isSmooth = record is { Ending: InferenceEnding.Completed or InferenceEnding.Replayed, Attempts: <= 1 };
        explanations.Keep(trace, !isSmooth || trace.HasWaited);
        record.Trace = null;
    }

    private static InferenceRefusal Explain(HttpContext context, Exception exception)
    {
        if (
            exception is ConnectionResetException or ConnectionAbortedException
            || context.RequestAborted.IsCancellationRequested
        )
        {
            return new(InferenceEnding.ClientGone, "The caller hung up.");
        }

        return exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } => new(
                InferenceEnding.RequestTimeout,
                "The request body did not arrive in time. Send it faster, or make it smaller."
            ),
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new(
                InferenceEnding.RequestTooLarge,
                "The request body is larger than this gateway accepts."
            ),
            // BadHttpRequestException, or what Kestrel throws for a chunk size beyond all numbers.
            IOException broken when !context.Response.HasStarted => new(
                InferenceEnding.InvalidRequest,
                $"The request body could not be read: {broken.Message}"
            )
            {
                Code = RefusalCode.InvalidJson,
            },
            _ => new(
                InferenceEnding.InternalError,
                "Something went wrong inside the gateway. The request id names it in the gateway's log."
            ),
        };
    }
}
