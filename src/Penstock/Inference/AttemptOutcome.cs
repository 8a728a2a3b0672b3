namespace Penstock.Inference;

/// <summary>How one attempt at one replica came out.</summary>
/// <param name="Refusal">What the caller is told if nobody else answers; null: the caller has an answer.</param>
/// <param name="Retry">Whether another attempt may do better, and where.</param>
/// <param name="RetryAfterSeconds">How long the engine wants to be left alone, 0 when it did not say.</param>
internal readonly record struct AttemptOutcome(InferenceRefusal? Refusal, Retry Retry, int RetryAfterSeconds = 0);

/// <summary>Where another attempt may do better.</summary>
internal enum Retry
{
    Nowhere,

    /// <summary>On another replica: this one cannot be reached or keeps silent.</summary>
    Elsewhere,

    /// <summary>On another replica, or on the same after a pause.</summary>
    Anywhere,
}
