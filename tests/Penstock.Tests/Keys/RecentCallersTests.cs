using Penstock.Keys;

namespace Penstock.Tests.Keys;

public sealed class RecentCallersTests
{
    private const string Header = "Bearer 0123456789abcdefghijklmnopqrstuvwxyz-#";

    private readonly KeyGrant _grant = Grants.For("any-secret-will-do");

    [Fact]
    public void Who_was_remembered_is_found_by_an_equal_header()
    {
        var recent = new RecentCallers(keys: 1);
        recent.Remember(Header, _grant);

        Assert.Same(_grant, recent.Find(new string(Header.AsSpan())));
    }

    [Fact]
    public void Every_character_of_the_header_counts()
    {
        // One slot: whatever is asked for meets what is remembered.
        var recent = new RecentCallers(keys: 0);
        for (var length = 16; length <= Header.Length; length++)
        {
            var header = Header[..length];
            recent.Remember(header, _grant);
            Assert.Same(_grant, recent.Find(header));

            Assert.All(
                Enumerable.Range(0, length),
                at => Assert.Null(recent.Find(header[..at] + '!' + header[(at + 1)..]))
            );
            Assert.Null(recent.Find(header[..^1]));
            Assert.Null(recent.Find(header + "x"));
        }
    }

    [Fact]
    public void The_last_of_two_that_meet_in_one_slot_is_remembered()
    {
        var recent = new RecentCallers(keys: 0);
        recent.Remember(Header, _grant);
        var other = Grants.For("another-secret-will-do");

        recent.Remember(Header + "-2", other);

        Assert.Null(recent.Find(Header));
        Assert.Same(other, recent.Find(Header + "-2"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(RecentCallers.LongestHeader + 1)]
    public void What_is_too_short_or_too_long_for_a_key_is_not_remembered(int length)
    {
        var recent = new RecentCallers(keys: 0);
        recent.Remember(new string('k', length), _grant);

        Assert.Null(recent.Find(new string('k', length)));
    }

    [Fact]
    public void Keys_in_turn_are_all_remembered_but_for_the_few_that_meet()
    {
        var recent = new RecentCallers(keys: 100);
        var headers = Enumerable.Range(0, 100).Select(_ => "Bearer " + ApiKeySecret.Create("psk_live_")).ToArray();
        foreach (var header in headers)
        {
            recent.Remember(header, _grant);
        }

        // 256 slots: 18 of 100 are pushed out on average; 60 would be fourteen deviations above.
        Assert.InRange(headers.Count(header => recent.Find(header) is null), 0, 60);
    }
}
