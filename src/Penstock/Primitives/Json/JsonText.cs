using System.Runtime.InteropServices;

namespace Penstock.Primitives.Json;

/// <summary>A string of a JSON text, without its quotes: where it stands and whether it holds escapes.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct JsonText(int Start, int Length, bool IsEscaped)
{
    /// <summary>The bytes as they stand, escapes undecoded.</summary>
    public ReadOnlySpan<byte> Raw(ReadOnlySpan<byte> json) => json.Slice(Start, Length);

    /// <summary>Compares what the string means, however it is spelled.</summary>
    public bool Means(ReadOnlySpan<byte> json, ReadOnlySpan<byte> utf8)
    {
        var raw = Raw(json);
        if (!IsEscaped)
        {
            return raw.SequenceEqual(utf8);
        }

        // One byte of text is spelled with at most six (\u0065).
        if (raw.Length <= utf8.Length || raw.Length > utf8.Length * JsonEscapes.LongestSpelling)
        {
            return false;
        }

        Span<byte> decoded = raw.Length <= 512 ? stackalloc byte[512] : new byte[raw.Length];
        return JsonEscapes.TryDecode(raw, decoded, out var length) && decoded[..length].SequenceEqual(utf8);
    }
}
