using FsCheck.Xunit;
using Penstock.Contracts;

namespace Penstock.Tests.Contracts;

public sealed class DurationTests
{
    [Theory]
    [InlineData("0s", 0)]
    [InlineData("500ms", 500)]
    [InlineData("2s", 2_000)]
    [InlineData("30m", 1_800_000)]
    [InlineData("24h", 86_400_000)]
    [InlineData("30d", 2_592_000_000)]
    public void A_whole_number_and_a_unit_is_a_duration(string text, long milliseconds)
    {
        Assert.True(Duration.TryParse(text, out var duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("5")]
    [InlineData("-5s")]
    [InlineData("+5s")]
    [InlineData("1.5s")]
    [InlineData(" 5s")]
    [InlineData("5 s")]
    [InlineData("5S")]
    [InlineData("5w")]
    [InlineData("1h30m")]
    [InlineData("99999999999d")]
    [InlineData("99999999999999999999s")]
    public void Anything_else_is_not(string? text) => Assert.False(Duration.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(1_500, "1500ms")]
    [InlineData(2_000, "2s")]
    [InlineData(90_000, "90s")]
    [InlineData(120_000, "2m")]
    [InlineData(1_800_000, "30m")]
    [InlineData(86_400_000, "24h")]
    [InlineData(2_592_000_000, "30d")]
    public void It_is_written_as_a_person_would(long milliseconds, string text) =>
        Assert.Equal(text, Duration.Format(TimeSpan.FromMilliseconds(milliseconds)));

    [Property]
    public bool What_is_written_is_read_back(uint milliseconds)
    {
        var duration = TimeSpan.FromMilliseconds(milliseconds);
        return Duration.TryParse(Duration.Format(duration), out var read) && read == duration;
    }
}
