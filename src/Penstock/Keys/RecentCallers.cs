using System.Numerics;
using System.Runtime.InteropServices;

namespace Penstock.Keys;

/// <summary>
/// Who called lately, by the header they called with: a key that was found a moment ago is found again without hashing it.
/// Belongs to one snapshot and is forgotten with it. Only what was found stands here, so that strangers push nobody out.
/// Safe for all threads; takes no lock.
/// </summary>
internal sealed class RecentCallers
{
    /// <summary>Of the longest secrets half a megabyte. Who has more keys in use at once hashes some of them again.</summary>
    public const int MostSlots = 1_024;

    /// <summary>A scheme and the longest secret, with some spaces: bounds what one caller can have kept.</summary>
    public const int LongestHeader = ApiKeySecret.MaxLength + 16;

    /// <summary>Shorter ones hold no secret; the words that a slot comes from are there.</summary>
    private const int ShortestHeader = ApiKeySecret.MinLength;

    /// <summary>Characters in a word.</summary>
    private const int WordLength = sizeof(ulong) / sizeof(char);

    /// <summary>2^64 divided by the golden ratio: spreads the words' low bits over the high ones.</summary>
    private const ulong Spread = 0x9E37_79B9_7F4A_7C15;

    private readonly Caller?[] _slots;

    /// <param name="keys">How many there are: twice as many slots, so that few of them meet in one.</param>
    public RecentCallers(int keys) =>
        _slots = new Caller?[Math.Min(MostSlots, (int)BitOperations.RoundUpToPowerOf2((uint)keys * 2 + 1))];

    /// <summary>
    /// Whose header this is; null where it is not remembered. How long it takes depends on the header's length, never on how
    /// much of a remembered one was met.
    /// </summary>
    public KeyGrant? Find(string authorization) =>
        authorization.Length is >= ShortestHeader and <= LongestHeader
        && Volatile.Read(ref SlotOf(authorization)) is { } caller
        && caller.Authorization.Length == authorization.Length
        && FixedTimeEquals(caller.Authorization, authorization)
            ? caller.Grant
            : null;

    /// <summary>Takes the place of who was remembered in it before.</summary>
    public void Remember(string authorization, KeyGrant grant)
    {
        if (authorization.Length is >= ShortestHeader and <= LongestHeader)
        {
            Volatile.Write(ref SlotOf(authorization), new Caller(authorization, grant));
        }
    }

    /// <summary>By its last characters, and by some before them for keys that all end alike.</summary>
    private ref Caller? SlotOf(string authorization)
    {
        var end = authorization.AsSpan(authorization.Length - (3 * WordLength));
        var words = MemoryMarshal.Cast<char, ulong>(end);
        var index = ((words[0] ^ ulong.RotateLeft(words[2], 31)) * Spread) >> 32;
        return ref _slots[(int)index & (_slots.Length - 1)];
    }

    /// <summary>Compares two of one length without an early exit, eight bytes at a time.</summary>
    private static bool FixedTimeEquals(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        var difference = WordsDiffer(one, other);
        // The last word overlaps the one before, where the length is no multiple of it.
        return (difference | WordsDiffer(one[^WordLength..], other[^WordLength..])) == 0;
    }

    private static ulong WordsDiffer(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        var left = MemoryMarshal.Cast<char, ulong>(one);
        var right = MemoryMarshal.Cast<char, ulong>(other);
        var difference = 0UL;
        for (var i = 0; i < left.Length && i < right.Length; i++)
        {
            difference |= left[i] ^ right[i];
        }

        return difference;
    }

    private sealed record Caller(string Authorization, KeyGrant Grant);
}
