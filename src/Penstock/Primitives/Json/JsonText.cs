using System.Runtime.InteropServices;

namespace Penstock.Primitives.Json;

/// <summary>A string of a JSON text, without its quotes: where it stands and whether it holds escapes.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct JsonText(int Start, int Length, bool IsEscaped)
{
    /// <summary>The bytes as they stand, escapes undecoded.</summary>
    public ReadOnlySpan<byte> Raw(ReadOnlySpan<byte> json) => json.Slice(Start, Length);

    /// <summary>Compares what the string means, however it is spelled.</summary>
    public bool Means(ReadOnlySpan<byte> json, ReadOnlySpan<byte> utf8) =>
        IsEscaped ? DecodesTo(Raw(json), utf8) : Raw(json).SequenceEqual(utf8);

    private static bool DecodesTo(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> utf8)
    {
        // One byte of text is spelled with six at most, so that a long string is never decoded in vain.
        if (raw.Length <= utf8.Length || raw.Length > utf8.Length * JsonEscapes.LongestSpelling)
        {
            return false;
        }

        Span<byte> decoded = utf8.Length <= 256 ? stackalloc byte[256] : new byte[utf8.Length];
        return JsonEscapes.TryDecode(raw, decoded, out var length) && decoded[..length].SequenceEqual(utf8);
    }
}
