using Penstock.Primitives;

namespace Penstock.Tests.Primitives;

public sealed class Crc32Tests
{
    [Fact]
    public void The_check_value_of_the_standard_holds() => Assert.Equal(0xCBF43926u, Crc32.Of("123456789"u8));

    [Fact]
    public void Nothing_sums_to_zero() => Assert.Equal(0u, Crc32.Of([]));

    [Fact]
    public void A_sentence_sums_as_zlib_sums_it() =>
        Assert.Equal(0x414FA339u, Crc32.Of("The quick brown fox jumps over the lazy dog"u8));
}
