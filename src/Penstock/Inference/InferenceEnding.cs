namespace Penstock.Inference;

/// <summary>Every way a request ends. Status, body, log level and metric label derive from it, each in one place.</summary>
internal enum InferenceEnding
{
    /// <summary>The caller has the whole answer.</summary>
    Completed,

    /// <summary>The caller has the whole answer of another request with the same <c>Idempotency-Key</c>.</summary>
    Replayed,

    // The caller's doing, before any engine was asked.
    MissingApiKey,
    InvalidApiKey,
    ExpiredApiKey,
    RevokedApiKey,
    RateLimited,

    /// <summary>Tokens a minute, of the key or of its workspace.</summary>
    TokensLimited,
    ConcurrencyLimited,

    /// <summary>Tokens or money of a day or a month.</summary>
    BudgetExceeded,
    InsufficientCredits,
    UnknownEndpoint,
    MethodNotAllowed,
    UnsupportedMediaType,
    RequestTooLarge,
    RequestTimeout,
    InvalidRequest,
    ModelNotFound,
    ModelNotAllowed,

    /// <summary>Its <c>Idempotency-Key</c> stands for another body.</summary>
    IdempotencyConflict,

    /// <summary>The answer under its <c>Idempotency-Key</c> was not kept.</summary>
    ReplayUnavailable,

    // Nobody there to answer.
    QueueFull,
    NoHealthyReplica,

    /// <summary>Its replicas are on their way, and did not arrive in time.</summary>
    DeploymentStarting,

    /// <summary>The operator has taken it out of use.</summary>
    DeploymentStopped,
    Stopping,

    // The engine's doing, before the first byte.
    /// <summary>The engine judged the request itself: 4xx.</summary>
    EngineRefused,
    EngineRateLimited,

    /// <summary>The engine does not accept the gateway's credential: the operator's fault.</summary>
    EngineDenied,
    EngineError,
    EngineProtocolError,
    EngineTimeout,

    // After the first byte: the caller was told by an error event, or by a closed connection.
    StreamCut,
    StreamStalled,
    StreamFailed,

    /// <summary>The caller hung up, at whatever moment.</summary>
    ClientGone,

    /// <summary>A bug of ours.</summary>
    InternalError,
}
