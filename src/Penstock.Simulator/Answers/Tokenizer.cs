using System.Globalization;

namespace Penstock.Simulator.Answers;

/// <summary>
/// Cuts text into pieces much as byte-pair encodings do: a word with the space before it, long words in parts,
/// digits by three, every other sign alone. Never cuts inside a character.
/// </summary>
internal static class Tokenizer
{
    // About the four letters and a space that English tokens have, longer for common words.
    private const int WordPart = 8;

    public static int Count(ReadOnlySpan<char> text)
    {
        var count = 0;
        while (text.Length > 0)
        {
            text = text[PieceLength(text)..];
            count++;
        }

        return count;
    }

    public static List<Token> Split(string text)
    {
        var tokens = new List<Token>();
        for (var at = 0; at < text.Length; )
        {
            var length = PieceLength(text.AsSpan(at));
            tokens.Add(Token.Of(text.Substring(at, length)));
            at += length;
        }

        return tokens;
    }

    /// <summary>How many characters the first token of a text that is not empty has.</summary>
    public static int PieceLength(ReadOnlySpan<char> text)
    {
        var lead = text[0] == ' ' && text.Length > 1 && IsLatinLetter(text[1]) ? 1 : 0;
        var first = text[lead];
        if (IsLatinLetter(first))
        {
            return lead + Run(text[lead..], IsLatinLetter, WordPart);
        }

        return char.IsAsciiDigit(first) ? Run(text, char.IsAsciiDigit, 3)
            : first == ' ' ? Run(text, c => c == ' ', 16)
            : StringInfo.GetNextTextElementLength(text);
    }

    private static int Run(ReadOnlySpan<char> text, Func<char, bool> belongs, int most)
    {
        var length = 1;
        while (length < text.Length && length < most && belongs(text[length]))
        {
            length++;
        }

        // A combining mark stays with its letter.
        while (
            length < text.Length && CharUnicodeInfo.GetUnicodeCategory(text[length]) == UnicodeCategory.NonSpacingMark
        )
        {
            length++;
        }

        return length;
    }

    private static bool IsLatinLetter(char c) => char.IsAsciiLetter(c) || (c is >= 'À' and <= 'ž' and not ('×' or '÷'));
}
