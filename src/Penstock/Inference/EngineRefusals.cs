using System.Globalization;
using Penstock.Engines;
using Penstock.Envelopes;
using Penstock.Forwarding;

namespace Penstock.Inference;

/// <summary>What a caller is told when an engine fails: the engine's own status and sentence, in one envelope.</summary>
internal static class EngineRefusals
{
    /// <summary>An engine that gives no time is worth another try after a second: the least the header can say.</summary>
    private const int DefaultRetryAfterSeconds = 1;

    /// <summary>From a response with an error status.</summary>
    public static InferenceRefusal Of(int status, EngineError error, int retryAfterSeconds)
    {
        var retryAfter = retryAfterSeconds > 0 ? retryAfterSeconds : DefaultRetryAfterSeconds;
        return status switch
        {
            401 or 403 => new(
                InferenceEnding.EngineDenied,
                "The engine refused the gateway's credential. This is the operator's to mend, not yours."
            ),
            429 => new(InferenceEnding.EngineRateLimited, error.Message, error.Param)
            {
                RetryAfterSeconds = retryAfter,
                AttemptsSpent = true,
            },
            503 => new(InferenceEnding.EngineError, error.Message, error.Param)
            {
                Status = 503,
                Type = "overloaded_error",
                Code = TextCode(error) ?? "engine_error",
                RetryAfterSeconds = retryAfter,
                AttemptsSpent = true,
            },
            504 => new(InferenceEnding.EngineTimeout, error.Message, error.Param) { AttemptsSpent = true },
            >= 500 => new(InferenceEnding.EngineError, error.Message, error.Param)
            {
                Status = status,
                Code = TextCode(error) ?? "engine_error",
                AttemptsSpent = true,
            },
            >= 400 => Judged(status, error),
            _ => new(
                InferenceEnding.EngineProtocolError,
                $"The engine answered with status {status}, which is no answer to a completion."
            ),
        };
    }

    /// <summary>From an error event in the middle of a stream; the HTTP status is out already.</summary>
    public static InferenceRefusal OfEvent(EngineError error)
    {
        var refusal = Of(error.Status ?? 500, error, retryAfterSeconds: 0);
        return new(InferenceEnding.StreamFailed, refusal.Message, refusal.Param)
        {
            Type = refusal.Type,
            Code = refusal.Code,
        };
    }

    /// <summary>From a call that brought no answer.</summary>
    public static InferenceRefusal Of(UpstreamFailure failure) =>
        failure switch
        {
            UpstreamFailure.Connect => new(
                InferenceEnding.NoHealthyReplica,
                "No replica of this model can be reached right now. Try again shortly."
            )
            {
                RetryAfterSeconds = DefaultRetryAfterSeconds,
                AttemptsSpent = true,
            },
            UpstreamFailure.Closed => new(
                InferenceEnding.EngineError,
                "The engine closed the connection before its answer was complete."
            )
            {
                AttemptsSpent = true,
            },
            UpstreamFailure.Protocol => new(
                InferenceEnding.EngineProtocolError,
                "The engine's answer was not valid HTTP."
            )
            {
                AttemptsSpent = true,
            },
            UpstreamFailure.FirstByteTimeout => Late("did not begin to answer within the time allowed"),
            UpstreamFailure.IdleTimeout => Late("fell silent in the middle of its answer"),
            UpstreamFailure.TotalTimeout => Late("did not finish within the time allowed"),
            UpstreamFailure.Stopping => new(
                InferenceEnding.Stopping,
                "The gateway is shutting down. Send the request again."
            )
            {
                RetryAfterSeconds = DefaultRetryAfterSeconds,
            },
            UpstreamFailure.ClientGone => new(InferenceEnding.ClientGone, "The caller hung up."),
            _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, "A failure without a refusal."),
        };

    private static InferenceRefusal Judged(int status, EngineError error) =>
        new(InferenceEnding.EngineRefused, error.Message, error.Param)
        {
            Status = status,
            Type = status == 404 ? "not_found_error" : "invalid_request_error",
            Code = error.IsContextLength
                ? RefusalCode.ContextLengthExceeded
                : error.Code ?? status.ToString(CultureInfo.InvariantCulture),
        };

    /// <summary>A code that says more than a status.</summary>
    private static string? TextCode(EngineError error) =>
        error.Code is { } code && !int.TryParse(code, CultureInfo.InvariantCulture, out _) ? code : null;

    private static InferenceRefusal Late(string what) =>
        new(InferenceEnding.EngineTimeout, $"The engine {what}.") { AttemptsSpent = true };
}
