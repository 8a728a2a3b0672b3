using Microsoft.Net.Http.Headers;
using Penstock.Keys;
using Penstock.Limits;

namespace Penstock.Inference;

/// <summary>Steps 1 and 2, the same at every door: who is calling, and may they call at all?</summary>
internal sealed class Gatekeeper(ApiKeyAuthenticator keys, Limiter limiter)
{
    /// <summary>Charges one request to the key.</summary>
    /// <returns>Null when the caller may go on; <see cref="InferenceRecord.Grant"/> is set then.</returns>
    public ValueTask<InferenceRefusal?> AdmitAsync(HttpContext context, InferenceRecord record)
    {
        if (Identify(context, record) is { } stranger)
        {
            return new(stranger);
        }

        var deciding = limiter.TakeAsync(record.Grant!, context.RequestAborted);
        return deciding.IsCompletedSuccessfully
            ? new(Judge(context, record, deciding.Result))
            : DecidedAsync(context, record, deciding);
    }

    private static async ValueTask<InferenceRefusal?> DecidedAsync(
        HttpContext context,
        InferenceRecord record,
        ValueTask<LimitDecision> deciding
    ) => Judge(context, record, await deciding);

    private static InferenceRefusal? Judge(HttpContext context, InferenceRecord record, in LimitDecision decision)
    {
        LimitHeaders.Write(context.Response.Headers, decision, record.Grant!.Plan);
        return decision.Granted ? null : OverLimit(decision);
    }

    /// <summary>The same without a charge, for answers that cost nothing.</summary>
    public async ValueTask<InferenceRefusal?> LookAsync(HttpContext context, InferenceRecord record)
    {
        if (Identify(context, record) is { } stranger)
        {
            return stranger;
        }

        var decision = await limiter.PeekAsync(record.Grant!, context.RequestAborted);
        LimitHeaders.Write(context.Response.Headers, decision, record.Grant!.Plan);
        return null;
    }

    private InferenceRefusal? Identify(HttpContext context, InferenceRecord record)
    {
        var refusal = keys.Authenticate(context.Request.Headers[HeaderNames.Authorization], out var grant);
        record.Grant = grant;
        return refusal == KeyRefusal.None ? null : InferenceRefusal.Of(refusal);
    }

    private static InferenceRefusal OverLimit(in LimitDecision decision) =>
        new(
            InferenceEnding.RateLimited,
            $"This key may send {decision.Limit} requests a minute. Try again in {decision.RetryAfterSeconds} s."
        )
        {
            RetryAfterSeconds = decision.RetryAfterSeconds,
        };
}
