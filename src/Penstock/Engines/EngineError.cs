namespace Penstock.Engines;

/// <summary>What an engine said went wrong, whatever its dialect.</summary>
/// <param name="Message">Never empty.</param>
/// <param name="Param">The field the engine blames, or null.</param>
/// <param name="Code">The engine's code as a string, or null.</param>
/// <param name="Status">What the error means as an HTTP status, or null: nothing in it says so.</param>
internal sealed record EngineError(string Message, string? Param, string? Code, int? Status)
{
    /// <summary>
    /// The error of a job: its status was read out of its text, and the status of the HTTP answer around it says nothing.
    /// </summary>
    public bool IsOfJob { get; init; }

    /// <summary>The prompt and what was asked for do not fit the model; engines word it in many ways.</summary>
    public bool IsContextLength =>
        Code is "context_length_exceeded" or "exceed_context_size_error"
        || Message.Contains("maximum context length", StringComparison.OrdinalIgnoreCase)
        || Message.Contains("context length is only", StringComparison.OrdinalIgnoreCase)
        || Message.Contains("longer than the model's context length", StringComparison.OrdinalIgnoreCase)
        || Message.Contains("exceeds the available context size", StringComparison.OrdinalIgnoreCase);
}
