using System.Runtime.InteropServices;
using Penstock.Simulator.Answers;

namespace Penstock.Simulator.Engine;

/// <summary>
/// Cuts a prompt into the blocks of a prefix cache: each block's hash is of its tokens and of all before them.
/// </summary>
/// <param name="seed">Of model and salt: prompts that must not share a cache differ from the first block on.</param>
/// <param name="blockSize">Tokens a block.</param>
internal sealed class PromptBlocks(ulong seed, int blockSize)
{
    private readonly List<ulong> _blocks = [];
    private ulong _hash = Dice.Mix(seed);
    private int _tokens;

    /// <summary>Whole blocks only: what is left over is never shared.</summary>
    public IReadOnlyList<ulong> Whole => _blocks;

    public PromptBlocks Add(ReadOnlySpan<char> text)
    {
        while (text.Length > 0)
        {
            var length = Tokenizer.PieceLength(text);
            Token(Dice.Hash(_hash, MemoryMarshal.AsBytes(text[..length])));
            text = text[length..];
        }

        return this;
    }

    /// <summary>Tokens that are no text: what a template puts between messages, what stands for a picture.</summary>
    public PromptBlocks Add(ReadOnlySpan<char> meaning, int tokens)
    {
        var mark = Dice.Hash(1, MemoryMarshal.AsBytes(meaning));
        for (var i = 0; i < tokens; i++)
        {
            Token(Dice.Mix(_hash ^ mark));
        }

        return this;
    }

    private void Token(ulong hash)
    {
        _hash = hash;
        if (++_tokens % blockSize == 0)
        {
            _blocks.Add(hash);
        }
    }
}
