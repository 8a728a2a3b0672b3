namespace Penstock.Idempotency;

/// <summary>What becomes of a request with a key.</summary>
/// <param name="Recording">Of <see cref="ClaimOutcome.Owned"/>: where its answer goes. A lease.</param>
/// <param name="Playback">Of <see cref="ClaimOutcome.Attached"/>: the answer of the first. A lease.</param>
internal readonly record struct IdempotencyClaim(
    ClaimOutcome Outcome,
    Recording? Recording = null,
    Playback? Playback = null
);

internal enum ClaimOutcome
{
    /// <summary>It is the first: it generates.</summary>
    Owned,

    /// <summary>Another has generated, or is at it: this one listens.</summary>
    Attached,

    /// <summary>The key stands for another request.</summary>
    OtherBody,

    /// <summary>The answer was too large to be kept, or had to make room.</summary>
    Unavailable,
}
