using System.Text;
using Penstock.Envelopes;

namespace Penstock.Tests.Envelopes;

/// <summary>What is JSON and what is not is judged as the framework's strict parser judges it, byte for byte.</summary>
public sealed class StrictJsonTests
{
    private const string Rich =
        """{"model":"m\n","messages":[{"role":"user","content":[{"t":"é\u00e9"},{}]}],"""
        + """ "a":[-0.5e+3,1E2,[],{"b":null}],"""
        + """ "stream":true,"stream_options":{"x":false},"seed":-10}""";

    public static TheoryData<string> Corpus() =>
        [
            Bodies.Minimal,
            Rich,
            Bodies.With("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{}}}]"),
            Bodies.With(
                "\"stop\":[\"\\u20ac\",\"€\"],\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"f\"}}"
            ),
            Bodies.With(
                "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{}}},\"priority\":0.0"
            ),
        ];

    [Theory]
    [MemberData(nameof(Corpus))]
    public void A_body_cut_anywhere_is_no_json(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        Assert.Null(EnvelopeReader.Read(bytes, out _));
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Equal(RefusalCode.InvalidJson, EnvelopeReader.Read(bytes.AsSpan(0, length), out _)?.Code);
        }
    }

    [Theory]
    [MemberData(nameof(Corpus))]
    public void A_body_with_any_byte_changed_is_judged_as_the_strict_parser_judges_it(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        for (var at = 0; at < bytes.Length; at++)
        {
            var original = bytes[at];
            for (var value = 0; value < 256; value++)
            {
                bytes[at] = (byte)value;
                StrictParser.AgreesOn(bytes);
            }

            bytes[at] = original;
        }
    }

    [Theory]
    [MemberData(nameof(Corpus))]
    public void A_body_with_any_byte_taken_out_or_put_in_is_judged_likewise(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        for (var at = 0; at < bytes.Length; at++)
        {
            StrictParser.AgreesOn([.. bytes[..at], .. bytes[(at + 1)..]]);
            foreach (var put in "{}[]\",:\\0-.eE+utn \n\u0001\u007f"u8)
            {
                StrictParser.AgreesOn([.. bytes[..at], put, .. bytes[at..]]);
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("{")]
    [InlineData("nul")]
    [InlineData("NaN")]
    [InlineData("[1,]")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{,}")]
    [InlineData("{'a':1}")]
    [InlineData("{a:1}")]
    [InlineData("{\"a\" 1}")]
    [InlineData("{\"a\":01}")]
    [InlineData("{\"a\":-}")]
    [InlineData("{\"a\":+1}")]
    [InlineData("{\"a\":.5}")]
    [InlineData("{\"a\":5.}")]
    [InlineData("{\"a\":1e}")]
    [InlineData("{\"a\":0x1}")]
    [InlineData("{\"a\":Infinity}")]
    [InlineData("{\"a\":-Infinity}")]
    [InlineData("{\"a\":NaN}")]
    [InlineData("{\"a\":\"\t\"}")]
    [InlineData("{\"a\":\"\\x\"}")]
    [InlineData("{\"a\":\"\\u12g4\"}")]
    [InlineData("{\"a\":\"\\u12\"}")]
    [InlineData("{\"a\":1}x")]
    [InlineData("{\"a\":1}{}")]
    [InlineData("{\"a\":1}\0")]
    [InlineData("{/**/}")]
    [InlineData("{\"a\":1 // c\n}")]
    [InlineData("{\"a\":[1}")]
    [InlineData("{\"a\":{]}")]
    [InlineData("{\"a\":True}")]
    [InlineData("{\"a\":nulL}")]
    [InlineData("\v{}")]
    [InlineData("{\"temperature\":\"wrong type first\",\"a\":01}")]
    [InlineData("[\"wrong root first\"")]
    public void What_is_no_json_is_refused_as_that_whatever_else_is_wrong(string body) =>
        Bodies.Refused(body, RefusalCode.InvalidJson, null);

    [Theory]
    [InlineData("[]")]
    [InlineData("[{}]")]
    [InlineData("\"model\"")]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData(" true ")]
    public void The_root_must_be_an_object(string body) => Bodies.Refused(body, RefusalCode.InvalidType, null);

    [Theory]
    [InlineData("{\"a\":\"\u0001\"}", "a control character stands unescaped in a string (at byte 6)")]
    [InlineData("{\"a\":tru}", "unexpected character (at byte 8)")]
    [InlineData("{\"a\":\"\\q\"}", "a string holds an escape that JSON does not know (at byte 7)")]
    [InlineData("{\"a\":\"\\u00zz\"}", "a string holds an escape that JSON does not know (at byte 10)")]
    [InlineData("{\"a\":\"\\u00", "it ends too early (at byte 10)")]
    [InlineData("{\"a\":007}", "a number is malformed (at byte 6)")]
    [InlineData("{\"a\":7} 8", "something follows the end of the object (at byte 8)")]
    [InlineData("{\"a\":[1", "it ends too early (at byte 7)")]
    public void The_message_says_where(string body, string where) =>
        Assert.Equal($"The body is not valid JSON: {where}.", Bodies.Refusal(body)?.Message);

    [Fact]
    public void An_empty_body_is_called_empty() =>
        Assert.Equal("The body is empty: send a JSON object.", Bodies.Refusal("")?.Message);

    [Fact]
    public void A_byte_order_mark_is_refused_by_name() =>
        Assert.Contains(
            "byte order mark",
            Bodies.Refusal("\uFEFF" + Bodies.Minimal)?.Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xC3 })]
    [InlineData(new byte[] { 0xC0, 0x80 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 })]
    [InlineData(new byte[] { 0x80 })]
    public void Bytes_that_are_no_utf8_are_refused_with_their_place(byte[] bytes)
    {
        byte[] body = [.. "{\"ü\":\""u8, .. bytes, .. "\"}"u8];
        var refusal = EnvelopeReader.Read(body, out _);
        Assert.Equal((RefusalCode.InvalidJson, (string?)null), (refusal!.Code, refusal.Param));
        Assert.Equal("The body is not valid UTF-8 (at byte 7).", refusal.Message);
    }

    [Fact]
    public void The_place_is_right_wherever_in_a_large_body_it_is()
    {
        var body = Encoding.UTF8.GetBytes(
            Bodies.With('"' + new string('語', 5_000) + "\":\"" + new string('é', 5_000) + '"')
        );
        for (var at = 60; at < body.Length; at += 97)
        {
            byte[] broken = [.. body];
            broken[at] = 0xFF;

            // A byte in the middle of a letter breaks the letter.
            var letter = at;
            while ((body[letter] & 0xC0) == 0x80)
            {
                letter--;
            }

            Assert.Equal(
                $"The body is not valid UTF-8 (at byte {letter}).",
                EnvelopeReader.Read(broken, out _)?.Message
            );
        }
    }

    [Theory]
    [InlineData('[', ']')]
    [InlineData('{', '}')]
    public void Nesting_ends_at_200_levels(char open, char close)
    {
        Assert.Null(Bodies.Refusal(Bodies.With($"\"a\":{Nested(199)}")));
        Bodies.Refused(Bodies.With($"\"a\":{Nested(200)}"), RefusalCode.InvalidJson, null);

        string Nested(int levels) =>
            open == '['
                ? new string(open, levels) + new string(close, levels)
                : string.Concat(Enumerable.Repeat("{\"a\":", levels - 1)) + "{}" + new string(close, levels - 1);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    [InlineData("[{\"a\":[")]
    public void A_hundred_thousand_levels_are_refused_and_harm_nothing(string step)
    {
        var deep = string.Concat(Enumerable.Repeat(step, 100_000));
        foreach (var body in new[] { deep, Bodies.With("\"a\":" + deep), $$"""{"messages":{{deep}}""" })
        {
            var refusal = Bodies.Refusal(body);
            Assert.Equal(RefusalCode.InvalidJson, refusal?.Code);
            Assert.Contains("deeper than 200 levels", refusal!.Message, StringComparison.Ordinal);
        }
    }
}
