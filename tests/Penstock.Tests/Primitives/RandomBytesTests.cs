using Penstock.Primitives;

namespace Penstock.Tests.Primitives;

public sealed class RandomBytesTests
{
    [Fact]
    public void Bytes_are_given_once_across_many_refills()
    {
        var taken = Enumerable.Range(0, 5_000).Select(_ => Convert.ToHexString(RandomBytes.Take(16))).ToHashSet();

        Assert.Equal(5_000, taken.Count);
    }

    [Fact]
    public void More_than_is_asked_of_the_system_at_once_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RandomBytes.Take(1025).Length);
}
