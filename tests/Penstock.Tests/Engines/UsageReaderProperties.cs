using System.Text;
using System.Text.Json;
using FsCheck.Xunit;
using Penstock.Engines;

namespace Penstock.Tests.Engines;

/// <summary>Objects that look like usage, whole and broken, read as the framework's parser reads them.</summary>
public sealed class UsageReaderProperties
{
    private static readonly string[] Names =
    [
        "prompt_tokens",
        "completion_tokens",
        "reasoning_tokens",
        "cached_tokens",
        "prompt_tokens_details",
        "completion_tokens_details",
        "total_tokens",
        @"prompt\u005ftokens",
        @"c\u006fmpletion_tokens",
        "",
        @"q\""uote",
    ];

    private static readonly string[] Plain =
    [
        "0",
        "7",
        "-0",
        "-3",
        "1.0",
        "1e2",
        "9223372036854775807",
        "9223372036854775808",
        "null",
        "true",
        "\"5\"",
        "\"ü\"",
        "[]",
        "[1,{\"prompt_tokens\":2}]",
        "{}",
    ];

    private static readonly string[] Gaps = ["", "", "", " ", "\n\t", "\r\n  "];

    [Property(MaxTest = 2_000, EndSize = 60)]
    public void What_is_whole_is_read_alike(byte[] choices)
    {
        var json = Encoding.UTF8.GetBytes(new Maker(choices).Object(depth: 0));

        Assert.Equal(ReadByDocument(json), UsageReader.Read(json));
        Assert.Equal(ReadByDocument(json), UsageReader.Read([.. json, .. ",\"id\":\"x\"}"u8]));
    }

    [Property(MaxTest = 2_000, EndSize = 60)]
    public void What_is_broken_is_told_alike(byte[] choices, ushort where, byte what)
    {
        var json = Encoding.UTF8.GetBytes(new Maker(choices).Object(depth: 0));
        var at = where % json.Length;
        json[at] = (byte)(what % 0x80);

        Assert.Equal(ReadByReader(json), UsageReader.Read(json));
        Assert.Null(UsageReader.Read(json.AsSpan(0, at)));
    }

    /// <summary>What may stand behind the object is not looked at, so that a document's parser will not do here.</summary>
    private static TokenUsage? ReadByReader(byte[] json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject
                ? Judge(JsonElement.ParseValue(ref reader))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static TokenUsage? ReadByDocument(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return Judge(document.RootElement);
    }

    private static TokenUsage? Judge(JsonElement usage)
    {
        long? prompt = null;
        long? completion = null;
        long? cached = null;
        long? reasoning = null;
        foreach (var member in usage.EnumerateObject())
        {
            switch (member.Name)
            {
                case "prompt_tokens":
                    prompt = Count(member.Value);
                    break;
                case "completion_tokens":
                    completion = Count(member.Value);
                    break;
                case "reasoning_tokens":
                    reasoning = Count(member.Value) ?? reasoning;
                    break;
                case "prompt_tokens_details":
                    cached = Detail(member.Value, "cached_tokens") ?? cached;
                    break;
                case "completion_tokens_details":
                    reasoning = Detail(member.Value, "reasoning_tokens") ?? reasoning;
                    break;
            }
        }

        return prompt is null && completion is null
            ? null
            : new TokenUsage(prompt ?? 0, completion ?? 0, cached, reasoning);
    }

    private static long? Detail(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object
        && value.EnumerateObject().LastOrDefault(m => m.Name == name) is var last
            ? Count(last.Value)
            : null;

    private static long? Count(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) && count >= 0 ? count : null;

    /// <summary>Makes text out of bytes of chance; when they run out, what is left is simple.</summary>
    private sealed class Maker(byte[] choices)
    {
        private int _next;

        public string Object(int depth)
        {
            var members = Enumerable
                .Range(0, 1 + (Choose() % 6))
                .Select(_ => $"{Gap()}\"{Names[Choose() % Names.Length]}\"{Gap()}:{Gap()}{Value(depth)}{Gap()}");
            return $"{{{string.Join(',', members)}}}";
        }

        private string Value(int depth) =>
            depth < 3 && Choose() % 4 == 0 ? Object(depth + 1) : Plain[Choose() % Plain.Length];

        private string Gap() => Gaps[Choose() % Gaps.Length];

        private int Choose() => _next < choices.Length ? choices[_next++] : 0;
    }
}
