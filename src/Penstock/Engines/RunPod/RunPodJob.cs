namespace Penstock.Engines.RunPod;

/// <summary>A job's document where an answer should be: the job has come to no answer, and its state says how.</summary>
internal static class RunPodJob
{
    /// <returns>Null for what is no state of a job that is without an answer.</returns>
    public static EngineError? Read(string? state) =>
        state switch
        {
            "IN_QUEUE" => Of(503, "No worker has taken the job yet."),
            "IN_PROGRESS" or "RUNNING" => Of(504, "The job was not done in the time that its host waits."),
            "TIMED_OUT" => Of(504, "The job ran out of the time that its endpoint allows."),
            "CANCELLED" => Of(500, "The job was cancelled at its host."),
            "FAILED" => Of(500, "The job failed without saying why."),
            _ => null,
        };

    private static EngineError Of(int status, string message) =>
        new(message, Param: null, Code: null, status) { IsOfJob = true };
}
