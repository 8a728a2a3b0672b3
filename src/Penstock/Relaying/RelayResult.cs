using Penstock.Engines;

namespace Penstock.Relaying;

/// <summary>How the relaying of one answer ended.</summary>
internal enum RelayEnding
{
    /// <summary>The caller has all of it.</summary>
    Whole,

    /// <summary>The engine ended the stream before every choice had its finish reason.</summary>
    Cut,

    /// <summary>The engine reported a failure inside the stream.</summary>
    EngineError,

    /// <summary>The engine was to go on with a text and did something else.</summary>
    Astray,

    /// <summary>One event was larger than the gateway holds.</summary>
    EventTooLarge,

    /// <summary>The source failed; it knows why.</summary>
    SourceFailed,

    /// <summary>The caller's connection takes no more.</summary>
    ClientGone,
}

/// <summary>What is known when an answer has been relayed, whatever its ending.</summary>
/// <param name="Usage">The engine's own numbers, in terms of the whole answer, or null.</param>
/// <param name="Chunks">Streamed chunks with choices: the best sign of tokens where there is no usage.</param>
/// <param name="Malformed">Events that were dropped because they were no JSON.</param>
/// <param name="HasShown">The caller has been given a chunk of this engine.</param>
/// <param name="FirstByte">Timestamp of the first byte of the body, 0 when none came.</param>
/// <param name="Error">What the engine said, when the ending is <see cref="RelayEnding.EngineError"/>.</param>
internal readonly record struct RelayResult(
    RelayEnding Ending,
    TokenUsage? Usage,
    long Chunks,
    long Malformed,
    bool HasShown,
    long FirstByte,
    EngineError? Error
);
