namespace Penstock.Envelopes;

/// <summary>Where a conversation begins in its body. Hashed only where routing goes by it.</summary>
/// <param name="At">Offset of the first message.</param>
/// <param name="FirstMessage">Bytes of the first message.</param>
/// <param name="FirstTurn">Bytes through the end of the first user message; of the first message if there is none.</param>
internal readonly record struct PromptStart(int At, int FirstMessage, int FirstTurn)
{
    /// <param name="body">The body this was read from.</param>
    public PromptBlocks Blocks(ReadOnlySpan<byte> body) => PromptBlocks.Of(body[At..], FirstMessage, FirstTurn);
}
