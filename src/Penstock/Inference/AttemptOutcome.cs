using Penstock.Engines;
using Penstock.Forwarding;
using Penstock.Routing;

namespace Penstock.Inference;

/// <summary>How one attempt at one replica came out.</summary>
/// <param name="Refusal">What the caller is told if nobody else answers; null: the caller has an answer.</param>
/// <param name="Retry">Whether another attempt may do better, and where.</param>
/// <param name="RetryAfterSeconds">How long the engine wants to be left alone, 0 when it did not say.</param>
internal sealed record AttemptOutcome(InferenceRefusal? Refusal, Retry Retry, int RetryAfterSeconds = 0)
{
    public static AttemptOutcome Answered { get; } = new(null, Retry.Nowhere);

    /// <summary>The caller has a part of the answer: another attempt can only go on with it.</summary>
    public bool IsMidway { get; init; }

    /// <summary>The replica cannot go on with a text, which says nothing of its health.</summary>
    public bool IsUnable { get; init; }

    /// <summary>This attempt has brought the answer forward, so tries are counted anew from here.</summary>
    public bool HasProgress { get; init; }

    /// <summary>Nobody was there who could have been asked.</summary>
    public bool IsUnreached => Refusal is { Ending: InferenceEnding.NoHealthyReplica };

    /// <summary>The replica that it is about, where it is not the one that was asked first.</summary>
    public Replica? Answerer { get; init; }

    /// <summary>A second replica that failed the request in the same attempt.</summary>
    public Replica? AlsoFailed { get; init; }

    /// <summary>From what an engine said.</summary>
    /// <param name="status">The status that it meant.</param>
    public static AttemptOutcome Of(int status, EngineError error, int retryAfterSeconds = 0) =>
        new(
            EngineRefusals.Of(status, error, retryAfterSeconds),
            RetryPolicy.IsTransient(status) ? Retry.Anywhere : Retry.Nowhere,
            Math.Max(0, retryAfterSeconds)
        );

    /// <summary>From a call that brought no answer.</summary>
    public static AttemptOutcome Of(UpstreamFailure failure) =>
        new(
            EngineRefusals.Of(failure),
            !RetryPolicy.IsTransient(failure) ? Retry.Nowhere
                : failure == UpstreamFailure.Closed ? Retry.Anywhere
                : Retry.Elsewhere
        );
}

/// <summary>Where another attempt may do better.</summary>
internal enum Retry
{
    Nowhere,

    /// <summary>On another replica: this one cannot be reached or keeps silent.</summary>
    Elsewhere,

    /// <summary>On another replica, or on the same after a pause.</summary>
    Anywhere,
}
