using System.Text;
using FsCheck.Xunit;
using Penstock.Keys;

namespace Penstock.Tests.Keys;

public sealed class ApiKeySecretTests
{
    private const string Prefix = "psk_live_";

    // Checksums computed with zlib's crc32, outside this code.
    private const string Golden = "psk_live_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg3Hbpux";

    [Theory]
    [InlineData(Golden)]
    [InlineData("psk_live_zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz03INQb")]
    [InlineData("psk_live_00000000000000000000000000000000000000000001mpWbE")]
    [InlineData("psk_live_00000000000000000000000000000000000000000010PfXIo")]
    public void The_checksum_is_the_one_that_others_compute(string secret) =>
        Assert.True(ApiKeySecret.ChecksumHolds(Encoding.ASCII.GetBytes(secret)));

    [Fact]
    public void A_new_secret_has_the_form_of_the_contract()
    {
        var secret = ApiKeySecret.Create(Prefix);

        Assert.Matches("^psk_live_[0-9A-Za-z]{49}$", secret);
        Assert.True(ApiKeySecret.ChecksumHolds(Encoding.ASCII.GetBytes(secret)));
        Assert.True(ApiKeySecret.IsAcceptable(secret, Prefix));
    }

    [Fact]
    public void Another_prefix_is_part_of_what_is_summed()
    {
        var secret = ApiKeySecret.Create("acme-");

        Assert.StartsWith("acme-", secret, StringComparison.Ordinal);
        Assert.True(ApiKeySecret.ChecksumHolds(Encoding.ASCII.GetBytes(secret)));
        Assert.False(ApiKeySecret.ChecksumHolds(Encoding.ASCII.GetBytes("acmf-" + secret[5..])));
    }

    [Property]
    public bool A_mistyped_character_breaks_the_checksum(byte position, char typed)
    {
        var mistyped = Golden.ToCharArray();
        var index = position % Golden.Length;
        mistyped[index] = typed;
        var holds = ApiKeySecret.ChecksumHolds(Encoding.UTF8.GetBytes(mistyped));
        return holds == (typed == Golden[index]);
    }

    [Fact]
    public void Every_character_is_equally_likely_at_every_place()
    {
        const int Keys = 62 * 400;
        var counts = new int[ApiKeySecret.RandomLength, 128];
        for (var key = 0; key < Keys; key++)
        {
            var secret = ApiKeySecret.Create(Prefix);
            for (var place = 0; place < ApiKeySecret.RandomLength; place++)
            {
                counts[place, secret[Prefix.Length + place]]++;
            }
        }

        // 400 of each are expected with a deviation of about 20; eight of those are never seen in a uniform draw.
        foreach (var character in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
        {
            for (var place = 0; place < ApiKeySecret.RandomLength; place++)
            {
                Assert.InRange(counts[place, character], 240, 560);
            }
        }
    }

    [Fact]
    public void No_two_secrets_are_the_same() =>
        Assert.Equal(10_000, Enumerable.Range(0, 10_000).Select(_ => ApiKeySecret.Create(Prefix)).Distinct().Count());

    [Theory]
    [InlineData("0123456789abcdef", true)]
    [InlineData("sk-~!\"#$%&/()=?{}", true)]
    [InlineData("0123456789abcde", false)]
    [InlineData("", false)]
    [InlineData("0123456789 abcdef", false)]
    [InlineData("0123456789\tabcdef", false)]
    [InlineData("0123456789abcdef\u007f", false)]
    [InlineData("0123456789abcdefé", false)]
    [InlineData("psk_live_brought-along", false)]
    [InlineData(Golden, true)]
    public void A_brought_along_key_is_printable_and_does_not_pretend_to_be_ours(string secret, bool acceptable) =>
        Assert.Equal(acceptable, ApiKeySecret.IsAcceptable(secret, Prefix));

    [Theory]
    [InlineData(16, true)]
    [InlineData(256, true)]
    [InlineData(15, false)]
    [InlineData(257, false)]
    public void A_brought_along_key_has_16_to_256_characters(int length, bool acceptable) =>
        Assert.Equal(acceptable, ApiKeySecret.IsAcceptable(new string('k', length), Prefix));

    [Theory]
    [InlineData("")]
    [InlineData("3Hbpux")]
    public void A_checksum_of_nothing_never_holds(string secret) =>
        Assert.False(ApiKeySecret.ChecksumHolds(Encoding.ASCII.GetBytes(secret)));
}
