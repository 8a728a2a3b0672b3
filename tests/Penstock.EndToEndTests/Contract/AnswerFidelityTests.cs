using System.Text;
using FsCheck;
using FsCheck.Xunit;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Contract;

/// <summary>What the engine answers comes back byte for byte, JSON and SSE, however its bytes are cut up.</summary>
public sealed class AnswerFidelityTests : IClassFixture<RecordedGateway>
{
    private readonly RecordedGateway _fixture;

    public AnswerFidelityTests(RecordedGateway fixture)
    {
        _fixture = fixture;
        _fixture.Engine.Reset();
    }

    public static TheoryData<string, string> Documents
    {
        get
        {
            string[] odd =
            [
                "",
                ",\"x\":1e400,\"y\":12345678901234567890,\"z\":-0.0",
                ",\"id\":\"again\",\"model\":\"again\"",
                ",\"timings\":{\"predicted_ms\":0.10000000000000000555}",
                ",\"text\":\"\\u0041\\ud83d\\ude00 \\ud800 é 😀 \\/ <>&'\"",
                " , \"a\" : [ ] , \"b\" : { }\r\n\t",
            ];
            var data = new TheoryData<string, string>();
            foreach (var members in odd)
            {
                foreach (var framing in Scatter.Framings)
                {
                    data.Add(EngineScripts.Json[..^1] + members + "}", framing);
                }
            }

            data.Add(" \n" + EngineScripts.Json + "\n\n", "chunked");
            data.Add(EngineScripts.Json[..^1] + ",\"long\":\"" + new string('é', 1_500_000) + "\"}", "chunked");
            data.Add(EngineScripts.Json[..^1] + ",\"long\":\"" + new string('é', 1_500_000) + "\"}", "length");
            return data;
        }
    }

    public static TheoryData<string> Framings => [.. Scatter.Framings];

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task A_JSON_answer_is_relayed_byte_for_byte(string document, string framing) =>
        await AssertDocument(Encoding.UTF8.GetBytes(document), framing, seed: document.Length);

    [Theory]
    [MemberData(nameof(Framings))]
    public async Task A_stream_whose_usage_was_asked_for_is_relayed_byte_for_byte(string framing)
    {
        var stream = string.Concat(
            ": a comment of the engine\n\n",
            EngineScripts.RoleChunk,
            EngineScripts.TextChunk("Grüße 😀 \\u0041\\ud83d\\ude00"),
            EngineScripts.Chunk("""{"content":"x","unknown":{"z":1e400,"a":12345678901234567890}}"""),
            EngineScripts.Chunk("""{"reasoning":"hm"}"""),
            EngineScripts.Chunk(
                """{"tool_calls":[{"index":0,"id":"1","type":"function","function":{"name":"f","arguments":""}}]}"""
            ),
            EngineScripts.TextChunk("data: [DONE]"),
            EngineScripts.TextChunk(new string('x', 100_000)),
            EngineScripts.FinishChunk,
            EngineScripts.UsageChunk,
            EngineScripts.Done
        );

        for (var seed = 0; seed < 25; seed++)
        {
            await AssertStream(ChatBody.StreamWithUsage(), stream, stream, framing, seed);
        }
    }

    [Theory]
    [MemberData(nameof(Framings))]
    public async Task A_stream_whose_usage_was_not_asked_for_lacks_just_that_event(string framing)
    {
        var before = string.Concat(
            EngineScripts.RoleChunk,
            EngineScripts.TextChunk("Grüße \\\"usage\\\":{} 😀"),
            EngineScripts.FinishChunk
        );

        for (var seed = 0; seed < 25; seed++)
        {
            await AssertStream(
                ChatBody.Stream(),
                before + EngineScripts.UsageChunk + EngineScripts.Done,
                before + EngineScripts.Done,
                framing,
                seed
            );
        }
    }

    [Property(MaxTest = 100)]
    public async Task Any_JSON_comes_back_byte_for_byte(int seed, PositiveInt size)
    {
        var members = new RandomJson(new Chance(seed), 1 + size.Get % 20).Members();
        var framing = Scatter.Framings[(seed & int.MaxValue) % Scatter.Framings.Length];

        await AssertDocument(Encoding.UTF8.GetBytes(EngineScripts.Json[..^1] + "," + members + "}"), framing, seed);
    }

    [Property(MaxTest = 100)]
    public async Task Any_JSON_inside_events_comes_back_byte_for_byte(int seed, PositiveInt size)
    {
        // White space inside is the generator's, but an event is one line.
        var members = new RandomJson(new Chance(seed), 1 + size.Get % 20)
            .Members()
            .Replace('\r', ' ')
            .Replace('\n', ' ');
        var framing = Scatter.Framings[(seed & int.MaxValue) % Scatter.Framings.Length];
        var stream = string.Concat(
            EngineScripts.RoleChunk,
            EngineScripts.Chunk($$"""{"content":"x",{{members}}}"""),
            EngineScripts.FinishChunk,
            EngineScripts.UsageChunk,
            EngineScripts.Done
        );

        await AssertStream(ChatBody.StreamWithUsage(), stream, stream, framing, seed);
    }

    private async Task AssertDocument(byte[] document, string framing, int seed)
    {
        _fixture.Engine.Script = Scatter.Answer(document, "application/json", framing, seed);

        var answer = (await _fixture.Client.ChatAsync(ChatBody.Minimal())).Expect(200);

        Splices.AssertSame(document, answer.Body);
        Assert.Equal("application/json", answer.ContentHeaders.ContentType!.MediaType);
    }

    private async Task AssertStream(string request, string sent, string expected, string framing, int seed)
    {
        var type = "text/event-stream; charset=utf-8";
        _fixture.Engine.Script = Scatter.Answer(Encoding.UTF8.GetBytes(sent), type, framing, seed);

        var answer = (await _fixture.Client.ChatAsync(request)).Expect(200);

        Splices.AssertSame(Encoding.UTF8.GetBytes(expected), answer.Body);
    }
}
