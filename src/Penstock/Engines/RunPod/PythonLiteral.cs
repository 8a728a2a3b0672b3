using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Penstock.Engines.RunPod;

/// <summary>Python's print of a dictionary as the JSON that was meant: quotes of either kind, None, True and False.</summary>
internal static class PythonLiteral
{
    /// <returns>JSON if the text was such a print; something that is no JSON if it was not.</returns>
    public static string ToJson(ReadOnlySpan<char> text)
    {
        var json = new StringBuilder(text.Length);
        while (!text.IsEmpty)
        {
            if (text[0] is '\'' or '"')
            {
                json.Append('"').Append(JavaScriptEncoder.Default.Encode(ReadString(ref text))).Append('"');
            }
            else if (char.IsAsciiLetter(text[0]))
            {
                json.Append(ReadWord(ref text));
            }
            else
            {
                json.Append(text[0]);
                text = text[1..];
            }
        }

        return json.ToString();
    }

    private static string ReadWord(ref ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && char.IsAsciiLetterOrDigit(text[length]))
        {
            length++;
        }

        var word = text[..length];
        text = text[length..];
        return word switch
        {
            "None" => "null",
            "True" => "true",
            "False" => "false",
            _ => word.ToString(),
        };
    }

    private static string ReadString(ref ReadOnlySpan<char> text)
    {
        var quote = text[0];
        var value = new StringBuilder();
        var at = 1;
        while (at < text.Length && text[at] != quote)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                at += 1 + ReadEscape(text[(at + 1)..], value);
            }
            else
            {
                value.Append(text[at++]);
            }
        }

        text = at < text.Length ? text[(at + 1)..] : [];
        return value.ToString();
    }

    /// <returns>Characters taken behind the backslash.</returns>
    private static int ReadEscape(ReadOnlySpan<char> text, StringBuilder value)
    {
        var digits = text[0] switch
        {
            'x' => 2,
            'u' => 4,
            _ => 0,
        };
        if (
            digits > 0
            && text.Length > digits
            && ushort.TryParse(
                text.Slice(1, digits),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out var code
            )
        )
        {
            value.Append((char)code);
            return 1 + digits;
        }

        value.Append(
            text[0] switch
            {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                var plain => plain,
            }
        );
        return 1;
    }
}
