using Penstock.Engines;
using Penstock.Limits;
using Penstock.Metering;

namespace Penstock.Inference;

/// <summary>
/// The one place where it is decided what a request has used, whatever its ending, and where that goes. Called once a
/// request, at its end.
/// </summary>
internal sealed class Settlement(UsageLedger ledger, IAllowanceStore allowances, Prices prices)
{
    public void Settle(InferenceRecord record)
    {
        // Strangers have no workspace to be billed, and what the limiter refused costs nothing: a caller who hammers
        // at a limit must not fill the ledger.
        if (!record.IsCompletion || record.Grant is null)
        {
            return;
        }

        var row = RowOf(record);
        ledger.Record(row);
        var used = new Outlay(row.Tokens is { } tokens ? tokens.Prompt + tokens.Completion : 0, row.Cost);
        if (record.Reservation is { } reservation)
        {
            allowances.Settle(reservation, used);
        }
        else if (used.Tokens > 0)
        {
            // Unbounded now, but a budget that is set tomorrow counts from the first of the month.
            allowances.Use(record.Grant, used);
        }
    }

    /// <summary>
    /// What the request used: the engine's own numbers, or the best sign of them; null where no engine did anything
    /// that is worth paying.
    /// </summary>
    public static TokenUsage? UsedBy(InferenceRecord record, out bool estimated)
    {
        estimated = false;
        if (record.Usage is not null)
        {
            return record.Usage;
        }

        if (record.Attempts == 0 || (record.Chunks == 0 && !WasUnderWay(record.Ending)))
        {
            return null;
        }

        estimated = true;
        // Engines send a token a chunk unless they are told to gather some.
        return new TokenUsage(record.PromptEstimate, record.Chunks, null, null);
    }

    /// <summary>The engine was at work for a caller who saw nothing of it; where it failed by itself nobody pays.</summary>
    private static bool WasUnderWay(InferenceEnding ending) =>
        ending is InferenceEnding.Completed or InferenceEnding.ClientGone;

    private UsageRecord RowOf(InferenceRecord record)
    {
        var route = record.Route ?? record.Asked;
        var facts = EndingFacts.Of(record.Ending);
        var tokens = UsedBy(record, out var estimated);
        return new UsageRecord
        {
            RequestId = record.Id,
            EndedAt = record.At.ToUnixTimeMilliseconds(),
            WorkspaceId = record.Grant!.WorkspaceId,
            KeyId = record.Grant.KeyId,
            Model = route?.Deployment.Model,
            DeploymentId = route?.Deployment.Id,
            Replica = record.Replica?.Address.Url.OriginalString,
            Backend = route?.Deployment.Backend,
            Ending = facts.Label,
            Failed =
                record.Ending
                    is not (InferenceEnding.Completed or InferenceEnding.Replayed or InferenceEnding.ClientGone),
            Status = record.Status,
            Attempts = record.Attempts,
            Tokens = tokens,
            Estimated = estimated,
            Queued = Micros(record.Queued),
            FirstByte = Micros(record.TimeToFirstByte),
            Duration = Micros(record.Duration),
            Price = route is null ? null : prices.Find(route.Deployment.Id),
        };
    }

    private static long? Micros(TimeSpan? span) => span is { } known ? Micros(known) : null;

    private static long Micros(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;
}
