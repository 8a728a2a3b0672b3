using System.Text;
using Penstock.Primitives.Json;

namespace Penstock.Tests.Primitives.Json;

/// <summary>Strings are searched by blocks: whatever ends or escapes stands once at every place of a block.</summary>
public sealed class JsonStringTests
{
    public static TheoryData<string, bool> Pieces() =>
        new()
        {
            { "", true },
            { "\\\"", true },
            { "\\\\", true },
            { "\\u00e9", true },
            { "\\\\\\\"\\u0022", true },
            { "\u001f", false },
            { "\\u00e", false },
            { "\\", false },
            { "\\q", false },
        };

    [Theory]
    [MemberData(nameof(Pieces))]
    public void A_string_ends_where_it_ends_at_every_place_of_a_block(string piece, bool valid)
    {
        for (var before = 0; before < 70; before++)
        {
            for (var after = 0; after < 40; after++)
            {
                var inside = new string(' ', before) + piece + new string('x', after);
                var text = Encoding.UTF8.GetBytes($"\"{inside}\",");
                var cursor = new JsonCursor(text);
                var read = cursor.ReadString(out var found);
                Assert.Equal(valid, read && found == new JsonText(1, inside.Length, piece.Length > 0));
                Assert.Equal(valid, cursor.Position == text.Length - 1);
            }
        }
    }

    [Fact]
    public void A_string_without_end_is_told_as_that()
    {
        for (var length = 0; length < 100; length++)
        {
            var cursor = new JsonCursor(Encoding.UTF8.GetBytes('"' + new string('x', length)));
            Assert.False(cursor.ReadString(out _));
            Assert.Equal((JsonFault.EndsTooEarly, length + 1), (cursor.Fault, cursor.FaultOffset));
        }
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("\\b\\f\\n\\r\\t\\/\\\\\\\"", "\b\f\n\r\t/\\\"")]
    [InlineData("\\u0041\\u00e9\\u20ac\\ud83d\\ude00x", "Aé€😀x")]
    public void Escapes_decode(string raw, string text)
    {
        Span<byte> decoded = stackalloc byte[64];
        Assert.True(JsonEscapes.TryDecode(Encoding.UTF8.GetBytes(raw), decoded, out var length));
        Assert.Equal(text, Encoding.UTF8.GetString(decoded[..length]));
    }

    [Theory]
    [InlineData("\\ud83d")]
    [InlineData("\\ud83dx")]
    [InlineData("\\ude00")]
    [InlineData("\\ud83d\\ud83d")]
    [InlineData("\\ud83d\\n12345")]
    public void Half_a_surrogate_pair_is_no_text(string raw) =>
        Assert.False(JsonEscapes.TryDecode(Encoding.UTF8.GetBytes(raw), stackalloc byte[64], out _));

    [Theory]
    [InlineData("abc", 2)]
    [InlineData("a\\n\\n", 2)]
    [InlineData("\\u20ac", 2)]
    public void Text_too_long_for_its_place_is_told(string raw, int room) =>
        Assert.False(JsonEscapes.TryDecode(Encoding.UTF8.GetBytes(raw), new byte[room], out _));
}
