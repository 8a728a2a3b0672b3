using Penstock.Simulator.Answers;
using Penstock.Simulator.Faults;

namespace Penstock.Simulator.Streaming;

/// <summary>Where one write ends and the next begins.</summary>
internal sealed class WriteCuts(WriteSplit split, ulong seed)
{
    private Dice _dice = new(Dice.Mix(seed));

    /// <returns>How much of what is left goes into the next write: from 1 to all of it.</returns>
    public int Next(ReadOnlySpan<byte> rest) =>
        split.Place switch
        {
            WriteSplit.InsideCharacters => Behind(FirstOfSeveral(rest), rest),
            WriteSplit.InsideLineEnds => Behind(rest.IndexOf("\r\n"u8), rest),
            // Sometimes single bytes, sometimes several events: lengths of every order of magnitude.
            WriteSplit.AtRandom => Math.Min(1 + _dice.Next(1 << (1 + _dice.Next(10))), rest.Length),
            _ => Math.Min(split.Bytes, rest.Length),
        };

    private static int Behind(int index, ReadOnlySpan<byte> rest) => index < 0 ? rest.Length : index + 1;

    /// <summary>The first byte of a character that has more than one.</summary>
    private static int FirstOfSeveral(ReadOnlySpan<byte> rest) => rest.IndexOfAnyInRange((byte)0xC2, (byte)0xF4);
}
