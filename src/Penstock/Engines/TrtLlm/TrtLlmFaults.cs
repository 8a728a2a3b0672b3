namespace Penstock.Engines.TrtLlm;

/// <summary>
/// TensorRT-LLM answers 400 to whatever goes wrong while it generates, its own failures too. What it says tells the
/// two apart.
/// </summary>
internal static class TrtLlmFaults
{
    /// <summary>Words of the machine room: no check of a request speaks of these.</summary>
    private static readonly string[] Signs =
    [
        "CUDA",
        "cuBLAS",
        "NCCL",
        "MPI",
        "out of memory",
        "[TensorRT-LLM]",
        "TllmException",
        "Assertion failed",
        "executor",
        "worker process",
        "event loop",
        "shutting down",
        "shutdown",
        "internal error",
        "RuntimeError",
        "Traceback (most recent call last)",
        "timed out",
        "Broken pipe",
        "Connection reset",
    ];

    /// <remarks>
    /// A text without a sign stays the caller's, as the status has it: a wrong request tried on every replica costs more
    /// than a failure shown as what the engine called it.
    /// </remarks>
    public static bool IsOwn(int status, EngineError error) =>
        status == 400
        && !error.IsContextLength
        && Signs.Any(sign => error.Message.Contains(sign, StringComparison.OrdinalIgnoreCase));
}
