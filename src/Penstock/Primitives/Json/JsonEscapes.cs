using System.Globalization;
using System.Text;

namespace Penstock.Primitives.Json;

/// <summary>Decodes the escapes of a JSON string that <see cref="JsonCursor"/> has found well formed.</summary>
internal static class JsonEscapes
{
    /// <summary>Bytes that one byte of text can take: <c>\u0065</c>.</summary>
    public const int LongestSpelling = 6;

    /// <summary>
    /// False when half of a surrogate pair stands alone (no text at all) or the destination is too small.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<byte> raw, Span<byte> destination, out int written)
    {
        written = 0;
        while (true)
        {
            var backslash = raw.IndexOf((byte)'\\');
            var run = backslash < 0 ? raw : raw[..backslash];
            if (!run.TryCopyTo(destination[written..]))
            {
                return false;
            }

            written += run.Length;
            if (backslash < 0)
            {
                return true;
            }

            if (!TryDecodeOne(raw[backslash..], out var rune, out var consumed))
            {
                return false;
            }

            if (!rune.TryEncodeToUtf8(destination[written..], out var length))
            {
                return false;
            }

            written += length;
            raw = raw[(backslash + consumed)..];
        }
    }

    private static bool TryDecodeOne(ReadOnlySpan<byte> raw, out Rune rune, out int consumed)
    {
        consumed = 2;
        if (raw[1] != 'u')
        {
            rune = new Rune(
                raw[1] switch
                {
                    (byte)'b' => '\b',
                    (byte)'f' => '\f',
                    (byte)'n' => '\n',
                    (byte)'r' => '\r',
                    (byte)'t' => '\t',
                    var itself => (char)itself,
                }
            );
            return true;
        }

        consumed = 6;
        var first = CodeUnit(raw);
        if (!char.IsSurrogate(first))
        {
            rune = new Rune(first);
            return true;
        }

        consumed = 12;
        rune = default;
        return raw.Length >= 12
            && raw[6] == '\\'
            && raw[7] == 'u'
            && Rune.TryCreate(first, CodeUnit(raw[6..]), out rune);
    }

    private static char CodeUnit(ReadOnlySpan<byte> escape) =>
        (char)ushort.Parse(escape.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
