namespace Penstock.Simulator.Dialects.Runpod;

/// <summary>The forms in which a failed job's error has been seen.</summary>
internal static class JobErrorForm
{
    /// <summary>A Python dictionary as text: what the current worker and SDK make of it.</summary>
    public const string Repr = "repr";

    /// <summary>The same as a JSON object.</summary>
    public const string Json = "json";

    /// <summary>A traceback: the worker's own code failed.</summary>
    public const string Traceback = "traceback";

    public static readonly string[] All = [Repr, Json, Traceback];
}
