using Penstock.Forwarding;
using Penstock.Relaying;

namespace Penstock.Inference;

/// <summary>What a stream that did not end as it should means to its caller, and whether another attempt may mend it.</summary>
internal static class StreamFailure
{
    public static AttemptOutcome Judge(in RelayResult result, UpstreamFailure failure, Caller caller)
    {
        var refusal = Refuse(result, failure);
        var isShown = result.HasShown || caller.Continuation is { IsShown: true };
        if (isShown && refusal.Ending is not (InferenceEnding.ClientGone or InferenceEnding.Stopping))
        {
            caller.Breaks(refusal);
        }

        return new(refusal, Where(result, failure)) { IsMidway = isShown, HasProgress = result.HasShown };
    }

    private static Retry Where(in RelayResult result, UpstreamFailure failure) =>
        result.Ending switch
        {
            RelayEnding.ClientGone => Retry.Nowhere,
            // What the engine says of the request itself it would say again.
            RelayEnding.EngineError when !RetryPolicy.IsTransient(result.Error!.Status ?? 500) => Retry.Nowhere,
            RelayEnding.SourceFailed => failure switch
            {
                UpstreamFailure.ClientGone or UpstreamFailure.Stopping or UpstreamFailure.TotalTimeout => Retry.Nowhere,
                // It took the request and said nothing: once more would only wait once more.
                UpstreamFailure.FirstByteTimeout => Retry.Elsewhere,
                _ => Retry.Anywhere,
            },
            _ => Retry.Anywhere,
        };

    private static InferenceRefusal Refuse(in RelayResult result, UpstreamFailure failure) =>
        result.Ending switch
        {
            RelayEnding.ClientGone => EngineRefusals.Of(UpstreamFailure.ClientGone),
            RelayEnding.EngineError => EngineRefusals.OfEvent(result.Error!),
            RelayEnding.EventTooLarge => new(
                InferenceEnding.EngineProtocolError,
                "The engine sent a stream event larger than the gateway relays."
            ),
            RelayEnding.SourceFailed => failure switch
            {
                UpstreamFailure.Closed => Cut(),
                UpstreamFailure.IdleTimeout or UpstreamFailure.TotalTimeout => EngineRefusals.Of(failure) with
                {
                    Ending = InferenceEnding.StreamStalled,
                },
                _ => EngineRefusals.Of(failure),
            },
            _ => Cut(),
        };

    private static InferenceRefusal Cut() =>
        new(InferenceEnding.StreamCut, "The engine ended the stream before the answer was complete.");
}
