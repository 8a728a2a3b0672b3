using System.Buffers;
using Microsoft.Net.Http.Headers;

namespace Penstock.Inference;

/// <summary>Tells the caller how a request failed: with a status if none is out yet, else with one event.</summary>
internal static class ErrorResponse
{
    public static async ValueTask WriteAsync(HttpContext context, InferenceRefusal refusal)
    {
        var response = context.Response;
        if (response.HasStarted)
        {
            await WriteLateAsync(context, refusal);
            return;
        }
        var body = new ArrayBufferWriter<byte>(256);
        ErrorEnvelope.Write(body, refusal);
        response.StatusCode = refusal.Status;
        response.ContentType = AnswerHeaders.Json;
        response.ContentLength = body.WrittenCount;
        if (refusal.RetryAfterSeconds > 0)
        {
            response.Headers[HeaderNames.RetryAfter] = refusal.RetryAfterSeconds.ToString();
        }

        if (refusal.AttemptsSpent)
        {
            response.Headers["x-should-retry"] = "false";
        }

        await response.BodyWriter.WriteAsync(body.WrittenMemory, CancellationToken.None);
    }

    /// <summary>
    /// A stream gets one error event and no sentinel; an answer of another kind can only be cut visibly.
    /// </summary>
    private static async ValueTask WriteLateAsync(HttpContext context, InferenceRefusal refusal)
    {
        if (context.Response.ContentType != AnswerHeaders.EventStream)
        {
            context.Abort();
            return;
        }
        ErrorEnvelope.WriteEvent(context.Response.BodyWriter, refusal);
        await context.Response.BodyWriter.FlushAsync(CancellationToken.None);
    }
}
