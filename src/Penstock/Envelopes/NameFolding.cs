using System.Buffers;
using Penstock.Primitives.Json;

namespace Penstock.Envelopes;

/// <summary>
/// Names as a reader that ignores case takes them (Go's encoding/json, so Ollama): a name that only such a reader
/// takes for a field of ours would be checked by nobody, and is refused.
/// </summary>
internal static class NameFolding
{
    /// <summary>
    /// Longest decoded name that can be a field of ours in any spelling: 24 letters of up to three bytes.
    /// </summary>
    public const int LongestName = 96;

    // What our own names are made of: any other byte may fold to one of these.
    private static readonly SearchValues<byte> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyz_"u8);

    /// <summary>Small letters and underscores only: no other field's name in disguise.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> name) => name.IndexOfAnyExcept(Plain) < 0;

    /// <summary>The name as text, decoded into the scratch span where it holds escapes; false: none of ours.</summary>
    public static bool TryDecode(
        ReadOnlySpan<byte> json,
        JsonText name,
        Span<byte> scratch,
        out ReadOnlySpan<byte> decoded
    )
    {
        decoded = name.Raw(json);
        if (name.IsEscaped)
        {
            var isText = JsonEscapes.TryDecode(decoded, scratch, out var length);
            decoded = scratch[..length];
            return isText;
        }

        return decoded.Length <= LongestName;
    }

    /// <summary>The name in lower case, as Go folds it: U+017F is an s and U+212A a k as well.</summary>
    public static ReadOnlySpan<byte> Fold(ReadOnlySpan<byte> name, Span<byte> folded)
    {
        var length = 0;
        for (var i = 0; i < name.Length; i++)
        {
            var rest = name[i..];
            if (rest.StartsWith("\u017F"u8))
            {
                folded[length++] = (byte)'s';
                i += 1;
            }
            else if (rest.StartsWith("\u212A"u8))
            {
                folded[length++] = (byte)'k';
                i += 2;
            }
            else
            {
                folded[length++] = name[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(name[i] | 0x20) : name[i];
            }
        }

        return folded[..length];
    }

    public static EnvelopeRefusal Misspelled(string name) =>
        EnvelopeRefusal.Ambiguous(
            name,
            $"Invalid value for '{name}': it is given in another spelling. Names are case-sensitive: write '{name}'."
        );

    // Parsers disagree on which of two equal names counts.
    public static EnvelopeRefusal Twice(string name) =>
        EnvelopeRefusal.Ambiguous(name, $"Invalid value for '{name}': it is given twice. Give it once.");
}
