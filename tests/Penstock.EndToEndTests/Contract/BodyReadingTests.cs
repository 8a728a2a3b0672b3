using System.Text;
using System.Text.Json;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Contract;

/// <summary>Bodies that two readers might read differently: the gateway agrees with the engine's parser, or refuses.</summary>
public sealed class BodyReadingTests : IClassFixture<RecordedGateway>
{
    private const string Messages = """[{"role":"user","content":"Hi"}]""";

    private readonly RecordedGateway _fixture;

    public BodyReadingTests(RecordedGateway fixture)
    {
        _fixture = fixture;
        _fixture.Engine.Reset();
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("}")]
    [InlineData("{\"model\":\"m\",\"messages\":" + Messages)]
    [InlineData("{\"model\":\"m\",\"messages\":" + Messages + "}}")]
    [InlineData("{\"model\":\"m\",\"messages\":" + Messages + "} x")]
    [InlineData("{\"model\":\"m\",\"messages\":" + Messages + "}{}")]
    [InlineData("{\"model\":\"m\",\"messages\":" + Messages + ",}")]
    [InlineData("{\"model\":\"m\",,\"messages\":" + Messages + "}")]
    [InlineData("{'model':'m','messages':[]}")]
    [InlineData("{model:\"m\"}")]
    [InlineData("// a comment\n{}")]
    [InlineData("{\"model\":\"m\",\"messages\":" + Messages + ",\"x\":NaN}")]
    [InlineData("{\"model\":\"m\",\"messages\":" + Messages + ",\"x\":Infinity}")]
    [InlineData("{\"model\":\"m\",\"messages\":" + Messages + ",\"x\":01}")]
    [InlineData("{\"model\":\"m\",\"messages\":" + Messages + ",\"x\":1.}")]
    [InlineData("{\"model\":\"m\",\"messages\":" + Messages + ",\"x\":+1}")]
    [InlineData("{\"model\":\"m\",\"messages\":" + Messages + ",\"x\":\"\\x\"}")]
    [InlineData("{\"model\":\"m\",\"messages\":" + Messages + ",\"x\":\"\\u12G4\"}")]
    [InlineData("{\"model\":\"m\",\"messages\":" + Messages + ",\"x\":\"a\nb\"}")]
    [InlineData("{\"model\":\"m\",\"messages\":" + Messages + ",\"x\":tru}")]
    [InlineData("model=m&messages=Hi")]
    public async Task What_is_not_JSON_is_said_to_be_no_JSON(string body)
    {
        (await _fixture.Client.ChatAsync(body)).ExpectError(400, "invalid_request_error", "invalid_json");

        Assert.Empty(_fixture.Engine.Requests);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[{\"model\":\"m\"}]")]
    [InlineData("\"model\"")]
    [InlineData("5")]
    [InlineData("null")]
    [InlineData("true")]
    public async Task Only_an_object_is_a_request(string body)
    {
        var answer = (await _fixture.Client.ChatAsync(body)).Expect(400);

        Assert.Contains(ErrorEnvelope.Of(answer).Code, (string?[])["invalid_json", "invalid_type"]);
        Assert.Empty(_fixture.Engine.Requests);
    }

    [Theory]
    [InlineData(new byte[] { 0xff })]
    [InlineData(new byte[] { 0xc3, 0x28 })]
    [InlineData(new byte[] { 0xc0, 0xaf })]
    [InlineData(new byte[] { 0xed, 0xa0, 0x80 })]
    [InlineData(new byte[] { 0xf4, 0x90, 0x80, 0x80 })]
    [InlineData(new byte[] { 0xe2, 0x82 })]
    public async Task Invalid_UTF8_is_refused(byte[] bad)
    {
        byte[] body =
        [
            .. Encoding.UTF8.GetBytes("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\""),
            .. bad,
            .. Encoding.UTF8.GetBytes("\"}]}"),
        ];

        (await _fixture.Client.ChatAsync(body)).ExpectError(400, "invalid_request_error", "invalid_json");
        Assert.Empty(_fixture.Engine.Requests);
    }

    [Theory]
    [InlineData("{\"model\":\"other\",\"model\":\"m\",\"messages\":" + Messages + "}")]
    [InlineData("{\"model\":\"m\",\"model\":\"other\",\"messages\":" + Messages + "}")]
    [InlineData("{\"mod\\u0065l\":\"m\",\"messages\":" + Messages + "}")]
    [InlineData("{\"model\":\"\\u006d\",\"messages\":" + Messages + "}")]
    [InlineData("{\"model\":\"m\",\"mod\\u0065l\":\"m\",\"messages\":" + Messages + "}")]
    [InlineData("{\"model\":\"m\",\"messages\":" + Messages + ",\"stream\":false,\"stream\":true}")]
    [InlineData("{\"model\":\"m\",\"messages\":" + Messages + ",\"stream\":true,\"stream\":false}")]
    [InlineData("{\"model\":\"m\",\"messages\":" + Messages + ",\"str\\u0065am\":true}")]
    [InlineData("{\"model\":\"m\",\"messages\":" + Messages + ",\"max_tokens\":1,\"max_tokens\":2}")]
    [InlineData("{\"model\":\"m\",\"messages\":" + Messages + ",\"max_tok\\u0065ns\":9}")]
    [InlineData("{\"model\":\"m\",\"messages\":" + Messages + ",\"temperature\":0,\"temperature\":9}")]
    [InlineData("{\"model\":\"m\",\"messages\":" + Messages + ",\"messages\":" + Messages + "}")]
    [InlineData("{\"model\":\"m\",\"messages\":" + Messages + ",\"x\":{\"model\":\"other\",\"stream\":true}}")]
    [InlineData("\ufeff{\"model\":\"m\",\"messages\":" + Messages + "}")]
    public async Task Gateway_and_engine_believe_the_same_or_the_request_is_refused(string body)
    {
        var answer = await _fixture.Client.ChatAsync(body);

        if (answer.Status == 200)
        {
            AssertBelieved(answer, Assert.Single(_fixture.Engine.Requests));
            return;
        }

        Assert.True(answer.Status is 400 or 404, answer.ToString());
        _ = ErrorEnvelope.Of(answer);
        Assert.Empty(_fixture.Engine.Requests);
    }

    [Fact]
    public async Task Thirty_levels_of_nesting_are_ordinary()
    {
        var deep = new string('[', 30) + new string(']', 30);

        (await _fixture.Client.ChatAsync(ChatBody.Minimal(more: $",\"x\":{deep}"))).Expect(200);
    }

    private static void AssertBelieved(Answer answer, RecordedRequest received)
    {
        // Engines parse with readers that let the last of equal names win; so does this one.
        var text = received.Body.AsSpan().StartsWith(Encoding.UTF8.Preamble)
            ? received.Body.AsMemory(3)
            : received.Body;
        using var document = JsonDocument.Parse(text);
        var root = document.RootElement;
        Assert.Equal(RecordedGateway.UpstreamModel, root.GetProperty("model").GetString());
        Assert.InRange(root.GetProperty("temperature").GetDouble(), 0, 2);
        Assert.True(root.GetProperty("max_tokens").GetInt32() >= 1);
        var streams = root.TryGetProperty("stream", out var stream) && stream.GetBoolean();
        Assert.Equal(streams ? "text/event-stream" : "application/json", answer.ContentHeaders.ContentType!.MediaType);
        Assert.Equal(
            streams,
            root.TryGetProperty("stream_options", out var options) && options.GetProperty("include_usage").GetBoolean()
        );
    }
}
