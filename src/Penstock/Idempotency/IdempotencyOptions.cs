using System.ComponentModel.DataAnnotations;

namespace Penstock.Idempotency;

/// <summary>Settings of <c>Idempotency-Key</c> (section <c>Idempotency</c>).</summary>
internal sealed class IdempotencyOptions
{
    /// <summary>
    /// Largest answer that is kept, bytes: a stream has some 250 a token, so this is one of 16,000 tokens. A larger one
    /// reaches its caller and nobody else.
    /// </summary>
    [Range(0, 1 << 28)]
    public int AnswerBytes { get; set; } = 4 << 20;

    /// <summary>
    /// Bytes of all answers together, kept and under way: a thousand of 100 KB. The oldest answer of the workspace that
    /// holds most makes room.
    /// </summary>
    [Range(0, 1L << 40)]
    public long MemoryBytes { get; set; } = 128 << 20;

    /// <summary>
    /// Keys that are remembered, with their answer or without: one a second for a day, at some 400 bytes each. The oldest of
    /// the workspace that has most is forgotten first, and generates anew.
    /// </summary>
    [Range(1, 100_000_000)]
    public int Keys { get; set; } = 100_000;

    /// <summary>Hours that an answer is kept: a client that tries again does so within a day.</summary>
    [Range(0.001, 24 * 365)]
    public double Hours { get; set; } = 24;
}
