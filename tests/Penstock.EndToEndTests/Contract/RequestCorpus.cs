using System.Text;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Contract;

/// <summary>
/// Odd but valid request bodies, some hundreds, the same on every run: each oddity in each layout. All spell out the
/// defaults, so the name of the model is the only thing a gateway may touch.
/// </summary>
internal static class RequestCorpus
{
    private const int Megabyte = 1024 * 1024;

    private static readonly string[] Texts =
    [
        "plain",
        "",
        " ",
        "Grüße, мир, 世界, שלום, مرحبا, हिन्दी",
        "👩‍👩‍👧‍👦 🏳️‍🌈 🇩🇪",
        "e\u0301 vs é",
        "\u200b\u200d\u2060\ufeff\u202e",
        "\u0085\u2028\u2029",
        "\u007f",
        "\uffff\ufffe\ufffd",
        "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 \U0010FFFF",
        @"\u0041\u00e9\u4e16",
        @"\ud83d\ude00",
        @"\uD83D\uDE00 \uABCD \uabcd",
        @"\ud800 alone",
        @"\udc00\ud800 turned round",
        @"\u0000\u0001\u001f",
        @"\"" \\ \/ \b \f \n \r \t",
        "/ unescaped </script>",
        @"\\u0041 is no escape",
        @"a \""model\"": \""b\"" inside",
        @"{\""model\"":\""x\"",\""stream\"":true}",
        "data: [DONE]\\n\\n",
        "%00%0d%0a",
        "{{ jinja }} {% x %}",
        "<|im_start|>system",
        "'; DROP TABLE keys; --",
    ];

    private static readonly string[] Values =
    [
        "1e400",
        "-1e400",
        "1e-400",
        "12345678901234567890",
        "-12345678901234567890",
        "123456789012345678901234567890.123456789012345678901234567890",
        "0.1000000000000000055511151231257827021181583404541015625",
        "-0",
        "-0.0",
        "0e0",
        "1E+2",
        "1.0",
        "1.10",
        "9007199254740993",
        "null",
        "[]",
        "{}",
        "[ ]",
        "[null,true,false,0,\"\",[],{}]",
        "{\"\":\"\"}",
        "{\"a\":1,\"a\":2}",
        "{\"z\":1,\"a\":2,\"q\":3}",
        "{\"model\":\"other\",\"messages\":[],\"stream\":true}",
        "{\"\\u006d\\u006f\\u0064el\":1}",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
        "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}}}",
        "\"\\u0065\"",
        "[1 , 2\t,\r\n3]",
    ];

    /// <summary>Each takes the messages and the odd member (without comma) and makes a whole body.</summary>
    private static readonly Func<string, string, string>[] Layouts =
    [
        (messages, odd) => $$"""{"model":"m","messages":{{messages}}{{ChatBody.Defaults}},{{odd}}}""",
        (messages, odd) => $$"""{{{odd}}{{ChatBody.Defaults}},"messages":{{messages}},"model":"m"}""",
        (messages, odd) =>
            $"\r\n\t {{ \"temperature\" : 0.5 ,\n\"top_p\"\t:\t0.9,\r\n  {odd} , \"model\" \n:\n \"m\" ,"
            + $" \"messages\" : {messages} , \"max_tokens\" : 16 }} \n\n",
        (messages, odd) =>
            $$"""{"service_tier":"ü","model":"m",{{odd}},"messages":{{messages}}{{ChatBody.Defaults}},"stream":false,"n":1}""",
    ];

    public static IEnumerable<byte[]> Bodies() =>
        Pieces()
            .SelectMany(piece => Layouts.Select(layout => layout(piece.Messages, piece.Odd)))
            .Concat(Large())
            .Select(Encoding.UTF8.GetBytes);

    private static IEnumerable<(string Messages, string Odd)> Pieces()
    {
        foreach (var text in Texts)
        {
            yield return (User($"\"{text}\""), $"\"user\":\"{text}\"");
        }

        foreach (var value in Values)
        {
            yield return (User("\"Hi\"", $",\"x\":{value}"), $"\"unknown_field\":{value}");
        }

        yield return (Image("data:image/png;base64,iVBORw0KGgo="), "\"metadata\":{\"a/b\":\"c\"}");
        yield return (Image(@"data:image\/png;base64,\/\/8="), "\"chat_template_kwargs\":{}");
    }

    private static IEnumerable<string> Large()
    {
        var prompt = string.Concat(Enumerable.Repeat("a prompt of a megabyte, ünd möre ", Megabyte / 32));
        var image = "data:image/jpeg;base64," + new string('A', Megabyte);
        var turns = string.Join(
            ',',
            Enumerable.Range(0, 2000).Select(i => $$"""{"role":"user","content":"turn {{i}}"}""")
        );
        yield return Layouts[0](User($"\"{prompt}\""), "\"x\":1");
        yield return Layouts[2](User($"\"{prompt}\""), "\"x\":1");
        yield return Layouts[1](Image(image), "\"x\":1");
        yield return Layouts[3]($"[{turns}]", "\"x\":1");
        yield return Layouts[0](User("\"Hi\""), $"\"x\":[{string.Join(',', Enumerable.Range(0, 100_000))}]");
        yield return Layouts[0](User("\"Hi\""), $"\"{new string('k', 100_000)}\":1");
    }

    private static string User(string content, string more = "") =>
        $$"""[{"role":"user","content":{{content}}{{more}}}]""";

    private static string Image(string url) =>
        User(
            $$$"""[{"type":"text","text":"What is it?"},{"type":"image_url","image_url":{"url":"{{{url}}}","detail":"low"}}]"""
        );
}
