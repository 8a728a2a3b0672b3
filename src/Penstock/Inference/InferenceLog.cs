namespace Penstock.Inference;

/// <summary>The corridor's log messages. Prompts, answers and secrets are never among their values.</summary>
internal static partial class InferenceLog
{
    /// <summary>The closing line: one for each request.</summary>
    public static void Ended(this ILogger logger, InferenceRecord record, TimeSpan duration, TimeSpan? firstByte)
    {
        var facts = EndingFacts.Of(record.Ending);
        if (!logger.IsEnabled(facts.Level))
            return;
        logger.Closing(
            facts.Level,
            record.RequestId,
            record.ClientRequestId,
            record.Grant?.KeyId,
            record.Grant?.Workspace,
            record.Route?.Deployment.Model,
            record.Route?.DeploymentId,
            facts.Label,
            record.Status,
            record.Attempts,
            record.Usage?.Prompt,
            record.Usage?.Completion,
            firstByte?.TotalMilliseconds,
            duration.TotalMilliseconds
        );
    }

    [LoggerMessage(
        EventId = 1000,
        EventName = "RequestEnded",
        Message = "request {request_id} client_request_id={client_request_id} key={key_id} workspace={workspace} "
            + "model={model} deployment={deployment} ending={ending} status={status} attempts={attempts} "
            + "prompt_tokens={prompt_tokens} completion_tokens={completion_tokens} "
            + "first_byte_ms={first_byte_ms:0.0} duration_ms={duration_ms:0.0}"
    )]
    private static partial void Closing(
        this ILogger logger,
        LogLevel level,
        string request_id,
        string? client_request_id,
        Guid? key_id,
        string? workspace,
        string? model,
        string? deployment,
        string ending,
        int status,
        int attempts,
        long? prompt_tokens,
        long? completion_tokens,
        double? first_byte_ms,
        double duration_ms
    );

    [LoggerMessage(1001, LogLevel.Error, "A bug of the gateway ended request {request_id}")]
    public static partial void Bug(this ILogger logger, Exception exception, string request_id);

    [LoggerMessage(
        1002,
        LogLevel.Error,
        "The engine of deployment {deployment} refused the gateway's credential with status {status}: check the "
            + "deployment's api_key_env, api_key_file or api_key"
    )]
    public static partial void EngineDenied(this ILogger logger, string deployment, int status);
}
