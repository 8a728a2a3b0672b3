using Penstock.Simulator.Faults;

namespace Penstock.Tests.Simulator;

/// <summary>What stands behind a directive's equals sign.</summary>
public sealed class DirectiveValues
{
    [Theory]
    [InlineData("250us", 2_500)]
    [InlineData("20ms", 200_000)]
    [InlineData("20", 200_000)]
    [InlineData("1.5s", 15_000_000)]
    [InlineData("2m", 1_200_000_000)]
    public void Durations_have_units(string text, long ticks) =>
        Assert.Equal(ticks, DirectiveValue.Duration(text).Ticks);

    [Theory]
    [InlineData("")]
    [InlineData("ms")]
    [InlineData("-1s")]
    [InlineData("3h")]
    [InlineData("1e9s")]
    [InlineData("99999m")]
    public void Durations_without_sense_are_refused(string text) =>
        Assert.Throws<FormatException>(() => DirectiveValue.Duration(text));

    [Theory]
    [InlineData("0", 0)]
    [InlineData("0.25", 0.25)]
    [InlineData("1", 1)]
    public void A_share_is_from_0_to_1(string text, double share) => Assert.Equal(share, DirectiveValue.Share(text));

    [Theory]
    [InlineData("")]
    [InlineData("1.1")]
    [InlineData("-0.1")]
    [InlineData("NaN")]
    public void A_share_without_sense_is_refused(string text) =>
        Assert.Throws<FormatException>(() => DirectiveValue.Share(text));
}
