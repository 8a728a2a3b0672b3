using Penstock.Forwarding;

namespace Penstock.Inference;

/// <summary>How one attempt at one replica came out.</summary>
/// <param name="Refusal">What the caller is told if nobody else answers; null: the caller has an answer.</param>
/// <param name="Failure">Why there was none, where the replica is to blame.</param>
internal readonly record struct AttemptOutcome(InferenceRefusal? Refusal, UpstreamFailure Failure)
{
    /// <summary>Nothing of an answer has been shown to the caller and another replica may do better.</summary>
    public bool MayTryAgain =>
        Failure is UpstreamFailure.Connect or UpstreamFailure.Closed or UpstreamFailure.FirstByteTimeout;
}
