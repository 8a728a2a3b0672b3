using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Penstock.Tests.Envelopes;

/// <summary>
/// Random JSON as people and libraries write it: odd spacing, any spelling of a string, numbers of every size.
/// </summary>
public static class BodyGenerators
{
    private static readonly Gen<string> Space = Gen.Elements("", "", "", "", " ", "\n", "\t ", "\r\n  ");

    private static readonly Gen<string> Piece = Gen.Elements([
        "a",
        "Z",
        "é",
        "語",
        "😀",
        " ",
        "\\n",
        "\\\"",
        "\\\\",
        "\\/",
        "\\u0041",
        "\\ud83d\\ude00",
        "\\ud800",
        "\\u0000",
    ]);

    private static readonly Gen<string> Run = Gen.Choose(0, 70).Select(static length => new string('x', length));

    private static readonly Gen<string> Text = Gen.OneOf(Piece, Piece, Run).ListOf().Select(string.Concat);

    private static readonly Gen<string> Number = Gen.OneOf(
        Gen.Choose(-1000, 1000).Select(static number => number.ToString(CultureInfo.InvariantCulture)),
        Gen.Elements(["0", "-0", "0.5", "1e400", "-1E-400", "12345678901234567890", "1.0", "3E+2", "0e0"])
    );

    private static readonly Gen<string> Junk = Gen.Elements([
        "01",
        "1.",
        "-",
        "+1",
        ".5",
        "1e",
        "NaN",
        "tru",
        "nulll",
        "'a'",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\u0001\"",
        "[1,]",
        "{\"a\"}",
        "{\"a\":}",
        "[",
        "}",
        "\"",
        "{,}",
        "[1 2]",
        "/**/1",
        "",
    ]);

    /// <summary>A body whose fields are mostly right, in any order, among unknown ones.</summary>
    public static Arbitrary<GoodBody> GoodBodies() =>
        (
            from fields in Gen.Shuffle(KnownFields)
            from count in Gen.Choose(0, KnownFields.Length)
            from known in Gen.CollectToList(fields.Take(count), Known)
            from unknown in Gen.CollectToList(Enumerable.Range(0, 3), Unknown)
            from model in Model
            from messages in Messages
            from members in Gen.Shuffle<string>([.. known, .. unknown, model, messages])
            from space in Space
            select new GoodBody($"{space}{{{string.Join(",", members)}{space}}}{space}")
        ).ToArbitrary();

    /// <summary>Any JSON at all, some of it broken.</summary>
    public static Arbitrary<AnyBody> AnyBodies() =>
        Gen.Sized(size => Value(Math.Min(size, 30), broken: true))
            .Select(static text => new AnyBody(text))
            .ToArbitrary();

    private static readonly string[] KnownFields =
    [
        "stream",
        "max_tokens",
        "max_completion_tokens",
        "temperature",
        "top_p",
        "stop",
        "tools",
        "seed",
        "logprobs",
        "n",
        "stream_options",
        "user",
        "priority",
        "rid",
    ];

    private static Gen<string> Model =>
        Member("model", Gen.Elements("\"m\"", "\"org\\/m-1\"", "\"\\u006d\\ud83d\\ude00é\"", "\"org/model\""));

    private static Gen<string> Messages =>
        Member(
            "messages",
            from text in Text
            from extra in Value(6, broken: false)
            select $$"""[{"role":"user","content":"{{text}}","extra":{{extra}}}]"""
        );

    private static Gen<string> Known(string field) =>
        Member(
            field,
            field switch
            {
                "stream" => Gen.Elements("true", "true", "true", "false", "null"),
                "logprobs" => Gen.Elements("true", "false", "null"),
                "max_tokens" or "max_completion_tokens" => Gen.Elements("1", "77", "null", "9223372036854775807"),
                "temperature" => Gen.Elements("0", "2", "0.70", "1e-1", "null"),
                "top_p" => Gen.Elements("0", "1.0", "null"),
                "stop" => Gen.Elements("\"a\"", "[ ]", "[\"\\n\"]"),
                "tools" => Gen.Elements("[]", "[{\"type\":\"function\"}]", "null"),
                "seed" => Gen.Elements("0", "-1"),
                "n" => Gen.Elements("1", "128", "null"),
                "stream_options" => StreamOptions,
                _ => Value(5, broken: false),
            }
        );

    private static Gen<string> StreamOptions =>
        Gen.OneOf(
            Gen.Elements("null", "{}", "{ }"),
            from usage in Member("include_usage", Gen.Elements("true", "false", "null"))
            from more in Member("x", Value(5, broken: false))
            from which in Gen.Elements($"{{{usage}}}", $"{{{usage},{more}}}", $"{{{more} }}", $"{{{more},{usage}}}")
            select which
        );

    private static Gen<string> Unknown(int index) => Member($"unknown_{index}", Value(20, broken: false));

    private static Gen<string> Member(string name, Gen<string> value) =>
        from spelled in Gen.CollectToList(name, Spelled)
        from before in Space
        from after in Space
        from between in Space
        from text in value
        select $"{before}\"{string.Concat(spelled)}\"{between}:{between}{text}{after}";

    private static Gen<string> Spelled(char letter) =>
        Gen.Frequency((9, Gen.Constant(letter.ToString())), (1, Gen.Constant($"\\u{(int)letter:x4}")));

    private static Gen<string> Value(int size, bool broken)
    {
        var simple = Gen.OneOf(
            Number,
            Text.Select(static text => $"\"{text}\""),
            Gen.Elements("true", "false", "null")
        );
        var whole = broken ? Gen.Frequency((20, simple), (1, Junk)) : simple;
        if (size <= 1)
        {
            return whole;
        }

        var inner = Value(size / 3, broken);
        var array =
            from items in inner.ListOf()
            from space in Space
            select $"[{space}{string.Join("," + space, items)}{space}]";
        var obj =
            from names in Text.ListOf(2)
            from values in inner.ListOf(2)
            from space in Space
            select $"{{{space}\"{names[0]}\":{space}{values[0]},\"{names[1]}\"{space}:{values[1]}{space}}}";
        return Gen.Frequency((2, whole), (1, array), (1, obj));
    }
}

/// <summary>A body that should mostly be accepted.</summary>
public sealed record GoodBody(string Text)
{
    public byte[] Bytes { get; } = Encoding.UTF8.GetBytes(Text);
}

/// <summary>A body of any kind.</summary>
public sealed record AnyBody(string Text)
{
    public byte[] Bytes { get; } = Encoding.UTF8.GetBytes(Text);
}
