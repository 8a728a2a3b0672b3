using Penstock.Idempotency;

namespace Penstock.Inference;

/// <summary>A refusal on its way to the twins of the request that was refused.</summary>
internal static class SharedFailure
{
    /// <summary>
    /// False for what says something of the one caller only: another key of the workspace may still have the money, and
    /// another caller may still be there.
    /// </summary>
    public static bool Concerns(InferenceRefusal refusal) =>
        refusal.Ending
            is not (
                InferenceEnding.TokensLimited
                or InferenceEnding.ConcurrencyLimited
                or InferenceEnding.BudgetExceeded
                or InferenceEnding.InsufficientCredits
                or InferenceEnding.ClientGone
            );

    public static AnswerFailure Of(InferenceRefusal refusal) =>
        new(
            refusal.Ending.ToString(),
            refusal.Status,
            refusal.Type,
            refusal.Code,
            refusal.Message,
            refusal.Param,
            refusal.RetryAfterSeconds,
            refusal.AttemptsSpent
        );

    public static InferenceRefusal ToRefusal(AnswerFailure failure) =>
        new(Enum.Parse<InferenceEnding>(failure.Ending), failure.Message, failure.Param)
        {
            Status = failure.Status,
            Type = failure.Type,
            Code = failure.Code,
            RetryAfterSeconds = failure.RetryAfterSeconds,
            AttemptsSpent = failure.AttemptsSpent,
        };
}
