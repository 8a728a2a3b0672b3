using Penstock.Observability;

namespace Penstock.Inference;

/// <summary>The corridor's log messages. Prompts, answers and secrets are never among their values.</summary>
internal static partial class InferenceLog
{
    private static readonly EventId RequestEnded = new(1000, nameof(RequestEnded));

    /// <summary>The closing line: one for each request.</summary>
    public static void Ended(this FieldLog<InferenceRecorder> log, InferenceRecord record) =>
        log.Write(EndingFacts.Of(record.Ending).Level, RequestEnded, record);

    [LoggerMessage(1001, LogLevel.Error, "A bug of the gateway ended request {request_id}")]
    public static partial void Bug(this ILogger logger, Exception exception, string request_id);

    [LoggerMessage(
        1002,
        LogLevel.Error,
        "The engine of deployment {deployment} refused the gateway's credential with status {status}: check the "
            + "deployment's api_key_env, api_key_file or api_key"
    )]
    public static partial void EngineDenied(this ILogger logger, string deployment, int status);

    [LoggerMessage(
        1003,
        LogLevel.Warning,
        "Requests to deployment {deployment} go out without the field {field}: {engine} refuses it, and it asks nothing of "
            + "an engine. This is said once"
    )]
    public static partial void FieldLeftOut(this ILogger logger, string deployment, string field, string engine);
}
