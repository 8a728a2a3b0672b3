using Penstock.Routing;

namespace Penstock.Inference;

/// <summary>
/// What an attempt says of the replica's health. Only the engine's own failures count against it: a caller's mistake,
/// a caller who leaves and a full engine are no illness.
/// </summary>
internal static class Diagnosis
{
    /// <summary>An engine that names an hour is asked again sooner: it may have been restarted since.</summary>
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(30);

    /// <param name="began">Timestamp at which the attempt began.</param>
    /// <param name="isRepeated">The request has failed there before.</param>
    /// <param name="now">Timestamp at which it ended.</param>
    public static void Note(
        Replica replica,
        AttemptOutcome outcome,
        long began,
        bool isRepeated,
        long now,
        TimeProvider time
    )
    {
        if (outcome.IsUnable)
        {
            return;
        }

        if (outcome.RetryAfterSeconds > 0)
        {
            var asked = TimeSpan.FromSeconds(outcome.RetryAfterSeconds);
            replica.BackOff(time, asked < LongestBackOff ? asked : LongestBackOff);
        }

        switch (outcome.Refusal)
        {
            case null:
            case { Ending: InferenceEnding.EngineRefused }:
                replica.Answered(now);
                break;
            case { } refusal when IsIllness(refusal):
                replica.Failed(
                    time,
                    new($"{EndingFacts.Of(refusal.Ending).Label}, status {refusal.Status}", began)
                    {
                        IsRepeated = isRepeated,
                    }
                );
                break;
        }
    }

    /// <summary>The engine may still be at work on what nobody waits for any more.</summary>
    public static bool LeavesWork(AttemptOutcome outcome) =>
        !outcome.IsUnable
        && outcome.Refusal?.Ending
            is InferenceEnding.ClientGone
                or InferenceEnding.EngineTimeout
                or InferenceEnding.EngineProtocolError
                or InferenceEnding.StreamStalled
                or InferenceEnding.Stopping;

    private static bool IsIllness(InferenceRefusal refusal) =>
        refusal.Ending switch
        {
            InferenceEnding.NoHealthyReplica
            or InferenceEnding.EngineError
            or InferenceEnding.EngineProtocolError
            or InferenceEnding.EngineTimeout
            or InferenceEnding.StreamCut
            or InferenceEnding.StreamStalled => true,
            // An error event may tell of the request as well as of the engine.
            InferenceEnding.StreamFailed => refusal.Type != "invalid_request_error",
            _ => false,
        };
}
