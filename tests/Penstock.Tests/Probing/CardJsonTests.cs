using Penstock.Engines;
using Penstock.Probing;

namespace Penstock.Tests.Probing;

public sealed class CardJsonTests
{
    private static readonly CapabilityCard Full = new()
    {
        ProbedAt = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Engine = "vllm",
        EngineVersion = "0.27.1",
        Models = ["a", "b/c"],
        ContextLength = 8192,
        UsageInStreams = Finding.Yes,
        UsageOnEveryChunk = Finding.No,
        ToolCalls = Finding.Yes,
        AutoToolChoice = Finding.No,
        Logprobs = Finding.Yes,
        TopLogprobs = 20,
        SeveralChoices = Finding.Yes,
        StructuredOutput = Finding.No,
        AbortFreesSlot = Finding.Yes,
        ContinuesPartialMessage = Finding.No,
        TakesCacheSalt = Finding.Yes,
        IdleConnection = TimeSpan.FromSeconds(5),
        LargestBody = 1 << 20,
        RefusedBody = 1 << 21,
        MaxConcurrency = 48,
        ErrorDialect = ErrorDialect.Flat,
        Warnings = ["will not work"],
        Calls = 11,
        GeneratedTokens = 33,
    };

    [Fact]
    public void Every_member_comes_back()
    {
        foreach (var member in typeof(CapabilityCard).GetProperties().Where(property => property.CanWrite))
        {
            Assert.NotNull(member.GetValue(Full));
        }

        var back = CardJson.Read(CardJson.Write(Full))!;

        Assert.Equal(Full.Models, back.Models);
        Assert.Equal(Full.Warnings, back.Warnings);
        Assert.Equal(Full, back with { Models = Full.Models, Warnings = Full.Warnings });
    }

    [Fact]
    public void What_is_unknown_is_not_written_and_is_unknown_when_it_is_read()
    {
        var json = CardJson.Write(new CapabilityCard { ProbedAt = DateTimeOffset.UnixEpoch });

        Assert.DoesNotContain("tool_calls", json, StringComparison.Ordinal);
        var back = CardJson.Read(json)!;
        Assert.Equal(Finding.Unknown, back.ToolCalls);
        Assert.Empty(back.Models);
        Assert.Empty(back.Warnings);
    }

    [Theory]
    [InlineData("""{"probed_at":"2030-01-02T03:04:05Z","tool_calls":"Perhaps"}""")]
    [InlineData("""{"probed_at":"2030-01-02T03:04:05Z","context_length":"long"}""")]
    [InlineData("{}")]
    [InlineData("[]")]
    public void A_card_in_words_that_are_not_known_is_none(string json) => Assert.Null(CardJson.Read(json));

    [Fact]
    public void A_member_of_a_later_version_is_overlooked() =>
        Assert.NotNull(CardJson.Read("""{"probed_at":"2030-01-02T03:04:05Z","a_later_finding":"Yes"}"""));
}
