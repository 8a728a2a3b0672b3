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

    public static void Note(Replica replica, in AttemptOutcome outcome, TimeProvider time)
    {
        if (outcome.IsUntried)
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
                replica.Answered(time);
                break;
            case { } refusal when IsIllness(refusal):
                replica.Failed(time, $"{EndingFacts.Of(refusal.Ending).Label}, status {refusal.Status}");
                break;
        }
    }

    /// <summary>The engine may still be at work on what nobody waits for any more.</summary>
    public static bool LeavesWork(in AttemptOutcome outcome) =>
        !outcome.IsUntried
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
