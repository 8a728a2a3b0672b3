using System.Text;
using Penstock.Primitives;

namespace Penstock.Tests.Primitives;

public sealed class PrintableAsciiTests
{
    private const int Longest = 40;

    [Fact]
    public void Text_of_any_length_is_copied_and_nothing_beside_it()
    {
        for (var length = 0; length <= Longest; length++)
        {
            var text = string.Concat(Enumerable.Range(0, length).Select(i => (char)(i % 2 == 0 ? ' ' + i : '~' - i)));
            var bytes = Enumerable.Repeat((byte)'#', length + 2).ToArray();
            Assert.True(PrintableAscii.TryCopy(text, bytes.AsSpan(1, length)));
            Assert.Equal($"#{text}#", Encoding.Latin1.GetString(bytes));
        }
    }

    [Fact]
    public void One_character_that_is_not_printable_is_seen_wherever_it_stands()
    {
        var bytes = new byte[Longest];
        for (var length = 1; length <= Longest; length++)
        {
            for (var place = 0; place < length; place++)
            {
                foreach (var strange in "\0\t\n\r\u001f\u007f\u0080\u00ff\u010a\u010d\u2020\u7fff\u8000\uff0d\uffff")
                {
                    var text = new string('x', place) + strange + new string('x', length - place - 1);
                    Assert.False(PrintableAscii.TryCopy(text, bytes), $"{(int)strange:x} at {place} of {length}");
                }
            }
        }
    }

    [Fact]
    public void In_bytes_it_ends_before_the_first_other_one_wherever_that_stands()
    {
        for (var length = 0; length <= Longest; length++)
        {
            var bytes = Enumerable.Range(0, length).Select(i => (byte)(i % 2 == 0 ? ' ' + i : '~' - i)).ToArray();
            Assert.Equal(length, PrintableAscii.LengthAt(bytes));
            for (var place = 0; place < length; place++)
            {
                var usual = bytes[place];
                for (var value = 0; value <= byte.MaxValue; value++)
                {
                    bytes[place] = (byte)value;
                    Assert.Equal(value is >= ' ' and <= '~' ? length : place, PrintableAscii.LengthAt(bytes));
                }

                bytes[place] = usual;
            }
        }
    }

    [Fact]
    public void There_must_be_room()
    {
        Assert.ThrowsAny<ArgumentException>(() => PrintableAscii.TryCopy("123", new byte[2]));
        Assert.ThrowsAny<ArgumentException>(() => PrintableAscii.TryCopy("123456789", new byte[8]));
    }
}
