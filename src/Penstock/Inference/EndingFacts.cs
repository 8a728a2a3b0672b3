using Penstock.Observability;

namespace Penstock.Inference;

/// <summary>What an ending means to the caller, to the log and to the metrics.</summary>
/// <param name="Status">HTTP status, where the ending has one of its own.</param>
/// <param name="Type">The envelope's <c>type</c>.</param>
/// <param name="Code">The envelope's <c>code</c>, or null where the case gives it.</param>
/// <param name="Level">Level of the closing log line.</param>
/// <param name="Label">Value of the metric label <c>ending</c>.</param>
internal sealed record EndingFacts(int Status, string Type, string? Code, LogLevel Level, string Label)
{
    private const string BadRequest = "invalid_request_error";
    private const string Unauthenticated = "authentication_error";
    private const string Upstream = "upstream_error";
    private const string Overloaded = "overloaded_error";
    private const string Timeout = "timeout_error";

    /// <summary>499 is nginx's number for "the client closed the connection": it is logged, never sent.</summary>
    public const int ClientClosedRequest = 499;

    private static readonly LogField Ending = new("ending");
    private static readonly EndingFacts[] Table = [.. Enum.GetValues<InferenceEnding>().Select(Create)];

    /// <summary>As the closing line says it.</summary>
    public LogPart Logged { get; } = new((Ending, Label));

    public static EndingFacts Of(InferenceEnding ending) => Table[(int)ending];

    private static EndingFacts Create(InferenceEnding ending) =>
        ending switch
        {
            InferenceEnding.Completed => new(200, "", null, LogLevel.Information, "completed"),
            InferenceEnding.Replayed => new(200, "", null, LogLevel.Information, "replayed"),
            InferenceEnding.MissingApiKey => Caller(401, Unauthenticated, "missing_api_key"),
            InferenceEnding.InvalidApiKey => Caller(401, Unauthenticated, "invalid_api_key"),
            InferenceEnding.ExpiredApiKey => Caller(401, Unauthenticated, "expired_api_key"),
            InferenceEnding.RevokedApiKey => Caller(401, Unauthenticated, "revoked_api_key"),
            InferenceEnding.RateLimited => Caller(429, "rate_limit_error", "rate_limit_exceeded"),
            InferenceEnding.TokensLimited => Limited("tokens_limited"),
            InferenceEnding.ConcurrencyLimited => Limited("concurrency_limited"),
            InferenceEnding.BudgetExceeded => Caller(429, "rate_limit_error", "budget_exceeded"),
            InferenceEnding.InsufficientCredits => Caller(402, "insufficient_credits", "insufficient_credits"),
            InferenceEnding.UnknownEndpoint => Caller(404, "not_found_error", "unknown_endpoint"),
            InferenceEnding.MethodNotAllowed => Caller(405, BadRequest, "method_not_allowed"),
            InferenceEnding.UnsupportedMediaType => Caller(415, BadRequest, "unsupported_media_type"),
            InferenceEnding.RequestTooLarge => Caller(413, BadRequest, "request_too_large"),
            InferenceEnding.RequestTimeout => Caller(408, BadRequest, "request_timeout"),
            InferenceEnding.InvalidRequest => new(400, BadRequest, null, LogLevel.Information, "invalid_request"),
            InferenceEnding.ModelNotFound => Caller(404, "not_found_error", "model_not_found"),
            InferenceEnding.ModelNotAllowed => Caller(403, "permission_error", "model_not_allowed"),
            InferenceEnding.IdempotencyConflict => Caller(409, BadRequest, "idempotency_key_reused"),
            InferenceEnding.ReplayUnavailable => Caller(422, BadRequest, "idempotency_replay_unavailable"),
            InferenceEnding.QueueFull => Engine(503, Overloaded, "queue_full", "queue_full"),
            InferenceEnding.NoHealthyReplica => Engine(503, Overloaded, "no_healthy_replica", "no_healthy_replica"),
            InferenceEnding.DeploymentStarting => Engine(503, Overloaded, "deployment_starting", "deployment_starting"),
            InferenceEnding.DeploymentStopped => Engine(503, Overloaded, "deployment_stopped", "deployment_stopped"),
            InferenceEnding.Stopping => Engine(503, Overloaded, "no_healthy_replica", "stopping"),
            InferenceEnding.EngineRefused => new(400, BadRequest, null, LogLevel.Information, "engine_refused"),
            InferenceEnding.EngineRateLimited => Engine(
                429,
                "rate_limit_error",
                "engine_rate_limited",
                "engine_rate_limited"
            ),
            InferenceEnding.EngineDenied => new(502, Upstream, "engine_error", LogLevel.Error, "engine_denied"),
            InferenceEnding.EngineError => Engine(502, Upstream, "engine_error", "engine_error"),
            InferenceEnding.EngineProtocolError => Engine(
                502,
                Upstream,
                "engine_protocol_error",
                "engine_protocol_error"
            ),
            InferenceEnding.EngineTimeout => Engine(504, Timeout, "engine_timeout", "engine_timeout"),
            InferenceEnding.StreamCut => Engine(502, Upstream, "engine_error", "stream_cut"),
            InferenceEnding.StreamStalled => Engine(504, Timeout, "engine_timeout", "stream_stalled"),
            InferenceEnding.StreamFailed => Engine(502, Upstream, "engine_error", "stream_failed"),
            InferenceEnding.ClientGone => new(ClientClosedRequest, "", null, LogLevel.Information, "client_gone"),
            InferenceEnding.InternalError => new(500, "api_error", "internal_error", LogLevel.Error, "internal_error"),
            _ => throw new ArgumentOutOfRangeException(nameof(ending), ending, "An ending without facts."),
        };

    private static EndingFacts Caller(int status, string type, string code) =>
        new(status, type, code, LogLevel.Information, code);

    /// <summary>The code says that it was this gateway and not the engine; the label says which limit.</summary>
    private static EndingFacts Limited(string label) =>
        new(429, "rate_limit_error", "rate_limit_exceeded", LogLevel.Information, label);

    private static EndingFacts Engine(int status, string type, string code, string label) =>
        new(status, type, code, LogLevel.Warning, label);
}
