using Penstock.Envelopes;
using Penstock.Forwarding;
using Penstock.Relaying;

namespace Penstock.Inference;

/// <summary>
/// What becomes of a stream that broke after a part of it was shown: another attempt goes on with it where that is
/// safe; one that has all the tokens it was allowed is at its end; any other is lost.
/// </summary>
internal sealed class StreamRescue(RelayOptions options)
{
    /// <param name="upstream">The request as it was at the beginning.</param>
    public ValueTask<AttemptOutcome> JudgeAsync(
        AttemptOutcome outcome,
        Caller caller,
        ChatRequest request,
        UpstreamRequest upstream
    ) =>
        outcome.IsMidway && outcome.Refusal is not null
            ? RescueAsync(outcome, caller, request, upstream)
            : new ValueTask<AttemptOutcome>(outcome);

    private async ValueTask<AttemptOutcome> RescueAsync(
        AttemptOutcome outcome,
        Caller caller,
        ChatRequest request,
        UpstreamRequest upstream
    )
    {
        var story = caller.Continuation;
        caller.Record.Usage = story?.UsageSoFar ?? caller.Record.Usage;
        if (story is not { IsBarred: false } || story.Times >= options.Continuations || !IsMendable(outcome))
        {
            return outcome with { Retry = Retry.Nowhere };
        }

        if (!story.HasText)
        {
            return outcome with { Retry = Where(outcome) };
        }

        using var body = ContinuedBody.Read(upstream.Body, story.Text);
        if (!body.Request.IsPossible)
        {
            return outcome with { Retry = Retry.Nowhere };
        }

        if (body.Request.MostTokens is not { } most || story.Tokens < most)
        {
            return outcome with { Retry = Where(outcome) };
        }

        story.WriteEnd(caller.Writer, request.Envelope.IncludeUsage);
        await caller.Writer.FlushAsync(CancellationToken.None);
        await caller.CompleteAsync();
        return AttemptOutcome.Answered;
    }

    /// <summary>Nobody is to go on for a caller who left, on a gateway that stops, or when the time is over.</summary>
    private static bool IsMendable(AttemptOutcome outcome) => outcome.Retry != Retry.Nowhere || IsRefusal(outcome);

    /// <summary>A replica's refusal to go on says nothing of the request, which another has taken.</summary>
    private static Retry Where(AttemptOutcome outcome) =>
        IsRefusal(outcome) || outcome.IsUnreached ? Retry.Anywhere : outcome.Retry;

    private static bool IsRefusal(AttemptOutcome outcome) =>
        outcome.Refusal!.Ending
            is InferenceEnding.EngineRefused
                or InferenceEnding.EngineDenied
                or InferenceEnding.EngineProtocolError;
}
