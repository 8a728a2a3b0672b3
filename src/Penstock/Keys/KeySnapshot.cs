using System.Numerics;
using System.Runtime.InteropServices;

namespace Penstock.Keys;

/// <summary>
/// All keys at one moment, found by the hash of their secret. Immutable, so that any number of requests read it
/// without a lock while the next one is built; a lookup allocates nothing. With it goes what is remembered of it.
/// </summary>
internal sealed class KeySnapshot
{
    private readonly Slot[] _slots;

    private KeySnapshot(Slot[] slots, int count)
    {
        _slots = slots;
        Count = count;
        Recent = new RecentCallers(count);
    }

    public static KeySnapshot Empty { get; } = Build([]);

    public int Count { get; }

    /// <summary>Who was found in this snapshot lately.</summary>
    public RecentCallers Recent { get; }

    /// <summary>Builds the table once; two grants of one secret are a mistake of the caller.</summary>
    public static KeySnapshot Build(IEnumerable<KeyGrant> grants)
    {
        var all = grants.ToArray();

        // At most half full: a lookup ends after one or two slots, and always at an empty one.
        var table = new Slot[BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, all.Length * 2))];
        foreach (var grant in all)
        {
            ref var slot = ref Find(table, grant.Hash);
            if (slot.Grant is { } other)
            {
                throw new ArgumentException(
                    $"Keys {other.KeyId} and {grant.KeyId} have the same secret; a secret names one key.",
                    nameof(grants)
                );
            }

            slot = new Slot(grant.Hash, grant);
        }

        return new KeySnapshot(table, all.Length);
    }

    /// <summary>
    /// The key with this hash, or null. How long it takes depends on where hashes fall in the table, never on how
    /// much of a stored hash was met.
    /// </summary>
    public KeyGrant? Find(in ApiKeyHash hash) => Find(_slots, hash).Grant;

    /// <summary>The slot that holds the hash, or the empty one where it would stand.</summary>
    private static ref Slot Find(Slot[] table, in ApiKeyHash hash)
    {
        // A SHA-256 is spread evenly already: its first bits are as good an index as any hash of it.
        var mask = (uint)table.Length - 1;
        for (var index = (uint)hash.A & mask; ; index = (index + 1) & mask)
        {
            ref var slot = ref table[index];
            if (slot.Grant is null || slot.Hash.FixedTimeEquals(hash))
            {
                return ref slot;
            }
        }
    }

    // The hash stands in the table itself: a lookup touches no other memory before it has found its key.
    [StructLayout(LayoutKind.Auto)]
    private readonly struct Slot(ApiKeyHash hash, KeyGrant grant)
    {
        public readonly ApiKeyHash Hash = hash;
        public readonly KeyGrant? Grant = grant;
    }
}
