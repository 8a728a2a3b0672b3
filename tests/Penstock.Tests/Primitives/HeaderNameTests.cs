using System.Text;
using Penstock.Primitives;

namespace Penstock.Tests.Primitives;

public sealed class HeaderNameTests
{
    private const string Marks = "!#$%&'*+-.^_`|~";
    private const int Longest = 40;

    private static readonly string[] Known =
    [
        "host",
        "expect",
        "upgrade",
        "connection",
        "retry-after",
        "content-type",
        "content-length",
        "content-encoding",
        "transfer-encoding",
    ];

    [Fact]
    public void It_ends_before_the_first_byte_that_is_no_letter_digit_or_mark_wherever_that_stands()
    {
        for (var length = 1; length <= Longest; length++)
        {
            var bytes = Enumerable.Range(0, length).Select(i => (byte)(i % 2 == 0 ? 'a' + i % 26 : '~')).ToArray();
            Assert.Equal(length, HeaderName.LengthAt(bytes));
            for (var place = 0; place < length; place++)
            {
                var usual = bytes[place];
                for (var value = 0; value <= byte.MaxValue; value++)
                {
                    bytes[place] = (byte)value;
                    Assert.Equal(MayStand((char)value) ? length : place, HeaderName.LengthAt(bytes));
                }

                bytes[place] = usual;
            }
        }
    }

    [Fact]
    public void Nothing_is_no_name() => Assert.Equal(0, HeaderName.LengthAt([]));

    [Fact]
    public void Case_does_not_matter_and_everything_else_does()
    {
        foreach (var known in Known.Select(Encoding.ASCII.GetBytes))
        {
            for (var place = 0; place < known.Length; place++)
            {
                for (var value = 0; value <= byte.MaxValue; value++)
                {
                    if (!MayStand((char)value))
                    {
                        continue;
                    }

                    var name = known.ToArray();
                    name[place] = (byte)value;
                    Assert.Equal(Ascii.EqualsIgnoreCase(name, known), HeaderName.Is(name, known));
                }
            }

            Assert.True(
                HeaderName.Is(Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(known).ToUpperInvariant()), known)
            );
            Assert.False(HeaderName.Is(known.AsSpan(1), known));
            Assert.False(HeaderName.Is([.. known, (byte)'x'], known));
        }
    }

    private static bool MayStand(char character) => char.IsAsciiLetterOrDigit(character) || Marks.Contains(character);
}
