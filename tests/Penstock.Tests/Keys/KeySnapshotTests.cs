using System.Globalization;
using System.Text;
using Penstock.Keys;

namespace Penstock.Tests.Keys;

public sealed class KeySnapshotTests
{
    [Fact]
    public void A_hundred_thousand_keys_are_all_found_and_no_others()
    {
        var grants = Enumerable.Range(0, 100_000).Select(number => Grants.For(Hash(number))).ToArray();

        var snapshot = KeySnapshot.Build(grants);

        Assert.Equal(grants.Length, snapshot.Count);
        Assert.All(grants, grant => Assert.Same(grant, snapshot.Find(grant.Hash)));
        Assert.All(Enumerable.Range(100_000, 100_000), number => Assert.Null(snapshot.Find(Hash(number))));
    }

    [Fact]
    public void Keys_that_fall_on_the_same_slot_are_told_apart()
    {
        // Equal in their first words, and so in their index, whatever the size of the table.
        var grants = Enumerable
            .Range(0, 100)
            .Select(last => Grants.For(new ApiKeyHash(7, 7, 7, (ulong)last)))
            .ToArray();

        var snapshot = KeySnapshot.Build(grants);

        Assert.All(grants, grant => Assert.Same(grant, snapshot.Find(grant.Hash)));
        Assert.Null(snapshot.Find(new ApiKeyHash(7, 7, 7, 100)));
    }

    [Fact]
    public void Every_word_of_the_hash_counts()
    {
        var hash = new ApiKeyHash(1, 2, 3, 4);
        var snapshot = KeySnapshot.Build([Grants.For(hash)]);

        Assert.NotNull(snapshot.Find(hash));
        Assert.Null(snapshot.Find(hash with { A = 9 }));
        Assert.Null(snapshot.Find(hash with { B = 9 }));
        Assert.Null(snapshot.Find(hash with { C = 9 }));
        Assert.Null(snapshot.Find(hash with { D = 9 }));
    }

    [Fact]
    public void The_all_zero_hash_is_not_in_an_empty_snapshot() =>
        Assert.Null(KeySnapshot.Empty.Find(new ApiKeyHash(0, 0, 0, 0)));

    [Fact]
    public void Two_keys_with_one_secret_are_refused_by_their_ids()
    {
        var first = Grants.For(Hash(1));
        var second = Grants.For(Hash(1));

        var mistake = Assert.Throws<ArgumentException>(() => KeySnapshot.Build([first, second]));

        Assert.Contains(first.KeyId.ToString(), mistake.Message, StringComparison.Ordinal);
        Assert.Contains(second.KeyId.ToString(), mistake.Message, StringComparison.Ordinal);
    }

    private static ApiKeyHash Hash(int number) =>
        ApiKeyHash.Of(Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)));
}
