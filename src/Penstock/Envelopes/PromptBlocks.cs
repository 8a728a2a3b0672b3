using System.Runtime.InteropServices;
using Penstock.Primitives;

namespace Penstock.Envelopes;

/// <summary>
/// Hashes of how a conversation begins, for routing: three ever longer beginnings of the bytes of <c>messages</c>, none
/// of which changes when the conversation goes on. Requests that share a beginning share its hash.
/// </summary>
/// <param name="Opening">The first message, up to 1 KiB: what all callers of one application share.</param>
/// <param name="Context">Through the first user message, up to 4 KiB: a document that is asked about.</param>
/// <param name="Thread">Through the first user message, up to 16 KiB: one conversation.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PromptBlocks(ulong Opening, ulong Context, ulong Thread)
{
    private const int OpeningBytes = 1024;
    private const int ContextBytes = 4 * 1024;
    private const int ThreadBytes = 16 * 1024;

    /// <param name="messages">From the first message on.</param>
    /// <param name="firstMessage">Bytes of the first message.</param>
    /// <param name="firstTurn">Bytes through the end of the first user message.</param>
    public static PromptBlocks Of(ReadOnlySpan<byte> messages, int firstMessage, int firstTurn)
    {
        var opening = StableHash.Of(messages[..Math.Min(firstMessage, OpeningBytes)]);
        var context = StableHash.Of(messages[..Math.Min(firstTurn, ContextBytes)]);
        var thread = firstTurn <= ContextBytes ? context : StableHash.Of(messages[..Math.Min(firstTurn, ThreadBytes)]);
        return new PromptBlocks(opening, context, thread);
    }
}
