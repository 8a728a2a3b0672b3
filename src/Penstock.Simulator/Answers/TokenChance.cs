using System.Runtime.InteropServices;

namespace Penstock.Simulator.Answers;

/// <summary>How likely a token was at its place.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TokenChance(Token Token, double LogProb)
{
    private static readonly Token[][] Sources =
    [
        Vocabulary.Nouns,
        Vocabulary.Verbs,
        Vocabulary.Adjectives,
        Vocabulary.Joints,
    ];

    /// <summary>
    /// The chosen token first, then others, each less likely; the same for the same place in the same answer.
    /// </summary>
    public static List<TokenChance> At(Choice choice, int position, int alternatives)
    {
        var dice = new Dice(Dice.Mix(choice.Seed ^ (ulong)position));
        var chosen = choice.Steps[position].Token;
        var logProb = -dice.Share() * 0.9;
        var chances = new List<TokenChance> { new(chosen, Round(logProb)) };
        while (chances.Count < alternatives)
        {
            var other = dice.Pick<Token>(dice.Pick<Token[]>(Sources));
            if (chances.TrueForAll(c => !c.Token.Text.Equals(other.Text, StringComparison.Ordinal)))
            {
                logProb -= 0.5 + (2 * dice.Share());
                chances.Add(new TokenChance(other, Round(logProb)));
            }
        }

        return chances;
    }

    // Single precision is what engines compute in.
    private static double Round(double value) => Math.Round(value, 7);
}
