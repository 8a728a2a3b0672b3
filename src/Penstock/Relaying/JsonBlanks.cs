namespace Penstock.Relaying;

/// <summary>White space as it is spelled inside a JSON string: blanks, and the escapes of line ends and tabs.</summary>
internal static class JsonBlanks
{
    /// <summary>Nothing but white space; most texts are told by their first byte or two.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> text)
    {
        for (var at = 0; at < text.Length; )
        {
            var length =
                text[at] == ' ' ? 1
                : text[at] == '\\' && at + 1 < text.Length && IsBlankEscape(text[at + 1]) ? 2
                : 0;
            if (length == 0)
            {
                return false;
            }

            at += length;
        }
        return true;
    }

    /// <returns>The length of the text without the white space at its end.</returns>
    public static int TrimEnd(ReadOnlySpan<byte> text)
    {
        while (true)
        {
            if (text.EndsWith((byte)' '))
            {
                text = text[..^1];
            }
            else if (text.Length >= 2 && IsBlankEscape(text[^1]) && BackslashesBefore(text[..^1]) % 2 == 1)
            {
                text = text[..^2];
            }
            else
            {
                return text.Length;
            }
        }
    }

    private static bool IsBlankEscape(byte letter) => letter is (byte)'n' or (byte)'r' or (byte)'t';

    /// <summary>An even number of them escape one another: the letter behind them is a letter.</summary>
    private static int BackslashesBefore(ReadOnlySpan<byte> text) => text.Length - text.TrimEnd((byte)'\\').Length;
}
