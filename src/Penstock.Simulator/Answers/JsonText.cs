using System.Text;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Answers;

/// <summary>
/// JSON strings as Python servers write them: UTF-8 as it is, only quotes, backslashes and controls escaped.
/// </summary>
internal static class JsonText
{
    public static byte[] Escape(string text)
    {
        var buffer = new ByteBuffer(text.Length + 8);
        Escape(buffer, Encoding.UTF8.GetBytes(text));
        return buffer.ToArray();
    }

    public static ByteBuffer AddQuoted(this ByteBuffer buffer, string? text)
    {
        if (text is null)
        {
            return buffer.Add("null"u8);
        }

        buffer.Add((byte)'"');
        Escape(buffer, Encoding.UTF8.GetBytes(text));
        return buffer.Add((byte)'"');
    }

    private static void Escape(ByteBuffer buffer, ReadOnlySpan<byte> utf8)
    {
        while (true)
        {
            var plain = PlainLength(utf8);
            buffer.Add(utf8[..plain]);
            if (plain == utf8.Length)
            {
                return;
            }

            switch (utf8[plain])
            {
                case (byte)'"':
                    buffer.Add("\\\""u8);
                    break;
                case (byte)'\\':
                    buffer.Add("\\\\"u8);
                    break;
                case (byte)'\n':
                    buffer.Add("\\n"u8);
                    break;
                case (byte)'\r':
                    buffer.Add("\\r"u8);
                    break;
                case (byte)'\t':
                    buffer.Add("\\t"u8);
                    break;
                default:
                    buffer.Add(utf8[plain] < 16 ? "\\u000"u8 : "\\u00"u8).AddHex(utf8[plain]);
                    break;
            }

            utf8 = utf8[(plain + 1)..];
        }
    }

    private static int PlainLength(ReadOnlySpan<byte> utf8)
    {
        for (var i = 0; i < utf8.Length; i++)
        {
            if (utf8[i] is < 0x20 or (byte)'"' or (byte)'\\')
            {
                return i;
            }
        }

        return utf8.Length;
    }
}
