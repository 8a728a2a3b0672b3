using Penstock.Engines;

namespace Penstock.Probing.Conformance;

/// <summary>
/// Finds out what an engine really does for one model, at the cost of a few tokens. A check that cannot be made leaves
/// its finding unknown.
/// </summary>
internal static class ConformanceProbe
{
    /// <summary>One finding after the other, the ones first that most depends on: the budget may run out.</summary>
    private static readonly Func<ProbeSession, CapabilityCard, CancellationToken, Task<CapabilityCard>>[] Checks =
    [
        ToolCheck.RunAsync,
        ErrorCheck.RunAsync,
        LogprobCheck.RunAsync,
        ChoicesCheck.RunAsync,
        StructureCheck.RunAsync,
        ContinuationCheck.RunAsync,
        CacheSaltCheck.RunAsync,
        AbortCheck.RunAsync,
    ];

    public static async Task<ProbeOutcome> RunAsync(ProbeSession probe, CancellationToken stop)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(probe.Options.ProbeSeconds), probe.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, stop);
        var card = new CapabilityCard { ProbedAt = probe.Time.GetUtcNow() };
        var idle = IdleWatch.RunAsync(probe, either.Token);
        try
        {
            card = await ModelCheck.RunAsync(probe, card, either.Token);
            card = await UsageCheck.RunAsync(probe, card, either.Token);
            if (Hopeless(probe, card) is { } problem)
            {
                return ProbeOutcome.Failed(problem);
            }

            foreach (var check in Checks)
            {
                card = await check(probe, card, either.Token);
            }

            card = card with { IdleConnection = await idle };
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Out of time: what was found is true all the same.
            if (probe.Last is not { IsSuccess: true })
            {
                return ProbeOutcome.Failed($"it did not come to an answer within {probe.Options.ProbeSeconds} s");
            }
        }

        card = card with { Calls = probe.Budget.Calls, GeneratedTokens = probe.Budget.Tokens };
        return ProbeOutcome.Of(card with { Warnings = CardWarnings.Of(card, probe.Engine.Engine, probe.Model) });
    }

    /// <summary>Why further calls would find nothing; null: they may.</summary>
    private static string? Hopeless(ProbeSession probe, CapabilityCard card) =>
        probe.Last switch
        {
            null => "nothing was asked",
            { IsSuccess: true } => null,
            { IsClosedToUs: true } => $"it refuses the gateway's credential ({probe.Last.Status})",
            { Status: 404 } when card.Models.Length > 0 && !card.Models.Contains(probe.Model, StringComparer.Ordinal) =>
                $"it does not serve {probe.Model}, but {string.Join(", ", card.Models)}",
            { IsOfTheRequest: true } => null,
            { Kind: ReplyKind.Answered } last => $"it {last.Reason}",
            var last => last.Reason,
        };
}
