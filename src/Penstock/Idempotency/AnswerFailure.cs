namespace Penstock.Idempotency;

/// <summary>How a generation failed: told to the twins who were waiting for it, and then forgotten.</summary>
/// <param name="Ending">The ending's name, which gives whatever is null or 0 here.</param>
internal sealed record AnswerFailure(
    string Ending,
    int Status,
    string Type,
    string? Code,
    string Message,
    string? Param,
    int RetryAfterSeconds,
    bool AttemptsSpent
);
