using System.Text;

namespace Penstock.Simulator.Dialects.Runpod;

/// <summary>Text as Python writes it in source, which looks like JSON and is not.</summary>
internal static class PythonRepr
{
    public static string Of(string text)
    {
        // Double quotes only where single ones would have to be escaped and double ones would not.
        var quote =
            text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        var repr = new StringBuilder(text.Length + 16).Append(quote);
        foreach (var c in text)
        {
            switch (c)
            {
                case '\\' or '\'' or '"' when c == '\\' || c == quote:
                    repr.Append('\\').Append(c);
                    break;
                case '\n':
                    repr.Append("\\n");
                    break;
                case '\r':
                    repr.Append("\\r");
                    break;
                case '\t':
                    repr.Append("\\t");
                    break;
                default:
                    repr.Append(c);
                    break;
            }
        }

        return repr.Append(quote).ToString();
    }
}
