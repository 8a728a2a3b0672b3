using Penstock.Envelopes;
using Penstock.Keys;
using Penstock.Limits;
using Penstock.Metering;
using Penstock.Routing;

namespace Penstock.Inference;

/// <summary>May they spend that? Reserves what a request may come to, before an engine is asked.</summary>
internal sealed class Purse(IAllowanceStore store, Prices prices, LimitsOptions options)
{
    /// <returns>Null when the caller may go on; the reservation is the record's then, and settled with it.</returns>
    public ValueTask<InferenceRefusal?> ReserveAsync(
        HttpContext context,
        InferenceRecord record,
        ChatRequest request,
        ModelRoute route
    ) => record.Grant!.IsBounded ? AskAsync(context, record, request, route) : default;

    private async ValueTask<InferenceRefusal?> AskAsync(
        HttpContext context,
        InferenceRecord record,
        ChatRequest request,
        ModelRoute route
    )
    {
        var grant = record.Grant!;
        var verdict = await store.ReserveAsync(grant, OutlayOf(record, request, route), context.RequestAborted);
        if (verdict.Tokens is { } tokens)
        {
            LimitHeaders.Write(context.Response.Headers, tokens);
        }

        record.Reservation = verdict.Reservation;
        if (verdict.Refused == AllowanceKind.None)
        {
            return null;
        }

        // What a limit refuses has used nothing: no row, as with the limit of requests.
        record.IsCompletion = false;
        return AllowanceRefusals.Of(verdict, grant);
    }

    private Outlay OutlayOf(InferenceRecord record, ChatRequest request, ModelRoute route)
    {
        var answer = route.Rules.MaxTokens(request.Envelope) ?? options.AssumedCompletionTokens;
        // No answer is longer than that, and no sum of them wraps around.
        var completion = Math.Min(answer, int.MaxValue) * request.Envelope.N;
        var usage = new Engines.TokenUsage(record.PromptEstimate, completion, null, null);
        return new Outlay(usage.Prompt + usage.Completion, prices.Find(route.Deployment.Id)?.Of(usage) ?? 0);
    }
}
