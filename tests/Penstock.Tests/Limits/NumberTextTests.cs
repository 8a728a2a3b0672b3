using System.Globalization;
using FsCheck.Xunit;
using Penstock.Limits;

namespace Penstock.Tests.Limits;

public sealed class NumberTextTests
{
    [Property]
    public bool Every_number_is_written_as_it_is(long number) => IsRight(number);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(10_000)]
    [InlineData(10_001)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void The_edges_are_right(long number) => Assert.True(IsRight(number));

    [Fact]
    public void Threads_that_share_the_cache_never_get_each_others_number() =>
        Threads.Run(
            8,
            thread =>
            {
                for (var number = 0; number < 20_000; number++)
                {
                    // The same places of the cache under different numbers.
                    Assert.True(IsRight(1_772_366_461 + (256 * thread) + (number % 512)));
                }
            }
        );

    private static bool IsRight(long number)
    {
        var expected = number.ToString(CultureInfo.InvariantCulture);
        return string.Equals(expected, NumberText.Of(number), StringComparison.Ordinal)
            && string.Equals(expected, NumberText.OfRepeated(number), StringComparison.Ordinal);
    }
}
