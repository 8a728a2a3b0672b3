using Penstock.Keys;

namespace Penstock.Tests.Keys;

public sealed class KeyOptionsTests
{
    [Theory]
    [InlineData("psk_live_", true)]
    [InlineData("acme-", true)]
    [InlineData("abc", false)]
    [InlineData("", false)]
    [InlineData("has space_", false)]
    [InlineData("schlüssel_", false)]
    [InlineData("psk_live_\n", false)]
    [InlineData("a-prefix-of-more-than-32-characters", false)]
    public void A_prefix_is_4_to_32_letters_digits_underscores_or_hyphens(string prefix, bool valid)
    {
        var result = new KeyOptionsValidator().Validate(name: null, new KeyOptions { Prefix = prefix });

        Assert.Equal(valid, result.Succeeded);
        if (!valid)
        {
            Assert.Contains("Keys:Prefix", result.FailureMessage, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_default_is_valid() =>
        Assert.True(new KeyOptionsValidator().Validate(name: null, new KeyOptions()).Succeeded);
}
