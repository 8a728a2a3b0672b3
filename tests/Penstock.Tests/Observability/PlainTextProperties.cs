using System.Text;
using FsCheck.Xunit;
using Penstock.Observability;

namespace Penstock.Tests.Observability;

public sealed class PlainTextProperties
{
    [Property(MaxTest = 1_000, EndSize = 200)]
    public void What_is_plain_is_copied_and_nothing_else(byte[] letters, ushort odd, ushort where, bool isOdd)
    {
        var text = letters
            .Select(letter => (char)(' ' + (letter % 95)))
            .Select(c => c is '"' or '\\' ? '.' : c)
            .ToArray();
        if (isOdd && text.Length > 0)
        {
            text[where % text.Length] = (char)odd;
        }

        var room = new byte[text.Length];
        var isPlain = text.All(c => c is >= ' ' and <= '~' and not ('"' or '\\'));

        Assert.Equal(isPlain, PlainText.TryCopy(text, room));
        if (isPlain)
        {
            Assert.Equal(Encoding.ASCII.GetBytes(text), room);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(33)]
    public void Every_character_that_is_not_plain_is_seen_wherever_it_stands(int length)
    {
        var room = new byte[length];
        for (var at = 0; at < length; at++)
        {
            foreach (
                var odd in (char[])
                    ['"', '\\', '\0', '\n', '\x1f', '\x7f', '\x80', 'ÿ', 'Ā', 'Ł', '⏎', '\uff41', '\uffff']
            )
            {
                var text = new string('a', length).ToCharArray();
                text[at] = odd;
                Assert.False(PlainText.TryCopy(text, room));
            }
        }

        Assert.True(PlainText.TryCopy(new string('~', length), room));
        Assert.False(PlainText.TryCopy(new string('~', length + 1), room));
    }
}
