using Penstock.Routing;

namespace Penstock.Inference;

/// <summary>What a caller is told whom no replica took.</summary>
internal static class NoSlotRefusals
{
    /// <summary>Where nobody knows when another try makes sense: the least the header can say.</summary>
    private const int UnknownSeconds = 1;

    public static InferenceRefusal Of(in NoSlot refusal)
    {
        var seconds = refusal.RetryAfter is { } span
            ? Math.Max(UnknownSeconds, (int)Math.Ceiling(span.TotalSeconds))
            : UnknownSeconds;
        return refusal.Reason switch
        {
            NoSlotReason.QueueFull => new(
                InferenceEnding.QueueFull,
                $"All replicas of this model are busy and the queue is full. Try again in {seconds} s."
            )
            {
                RetryAfterSeconds = seconds,
            },
            NoSlotReason.WaitedTooLong => new(
                InferenceEnding.QueueFull,
                $"All replicas of this model stayed busy for as long as a request may wait. Try again in {seconds} s."
            )
            {
                RetryAfterSeconds = seconds,
                AttemptsSpent = true,
            },
            NoSlotReason.NoHealthyReplica => new(
                InferenceEnding.NoHealthyReplica,
                "No replica of this model can be reached right now. Try again shortly."
            )
            {
                RetryAfterSeconds = seconds,
                AttemptsSpent = true,
            },
            NoSlotReason.BackingOff => new(
                InferenceEnding.EngineRateLimited,
                $"The engine of this model takes no more requests for now. Try again in {seconds} s."
            )
            {
                RetryAfterSeconds = seconds,
                AttemptsSpent = true,
            },
            NoSlotReason.Starting => new(InferenceEnding.DeploymentStarting, Starting(refusal, seconds))
            {
                RetryAfterSeconds = refusal.RetryAfter is null ? StartingUnknownSeconds : seconds,
            },
            NoSlotReason.Stopped => new(
                InferenceEnding.DeploymentStopped,
                "This model has been taken out of use for now by its operator."
            )
            {
                RetryAfterSeconds = StartingUnknownSeconds,
            },
            _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal.Reason, "A reason without a refusal."),
        };
    }

    /// <summary>Loading a model takes tens of seconds where nobody says how long.</summary>
    private const int StartingUnknownSeconds = 30;

    private static string Starting(in NoSlot refusal, int seconds) =>
        refusal.RetryAfter is null
            ? "This model is starting; how long that will take is not known. Try again later."
            : $"This model is starting and will be ready in about {seconds} s.";
}
