using System.Text;
using Penstock.Engines;

namespace Penstock.Tests.Engines;

public sealed class EngineErrorReaderTests
{
    [Theory]
    // vLLM, llama.cpp, Ollama: wrapped
    [InlineData("""{"error":{"message":"m","type":"BadRequestError","param":"n","code":400}}""", "m", "n", "400")]
    [InlineData("""{"error":{"message":"m","type":"x","param":null,"code":null}}""", "m", null, null)]
    // SGLang, TensorRT-LLM: flat
    [InlineData(
        """{"object":"error","message":"m","type":"BadRequestError","param":"p","code":400}""",
        "m",
        "p",
        "400"
    )]
    [InlineData(
        """{"object":"error","message":"m","code":"context_length_exceeded"}""",
        "m",
        null,
        "context_length_exceeded"
    )]
    // a string; TGI's with a type beside it
    [InlineData("""{"error":"Unauthorized"}""", "Unauthorized", null, null)]
    [InlineData(
        """{"error":"Model is overloaded","error_type":"overloaded"}""",
        "Model is overloaded",
        null,
        "overloaded"
    )]
    [InlineData("""{"detail":"Not Found"}""", "Not Found", null, null)]
    [InlineData("plain text", "plain text", null, null)]
    [InlineData("\"quoted\"", "quoted", null, null)]
    [InlineData("{broken", "{broken", null, null)]
    [InlineData(
        "<html><body>Bad Gateway</body></html>",
        "The engine answered 502 (BadGateway) without saying why.",
        null,
        null
    )]
    [InlineData("", "The engine answered 502 (BadGateway) without saying why.", null, null)]
    [InlineData("{}", "{}", null, null)]
    public void Every_dialect_becomes_message_param_and_code(string body, string message, string? param, string? code)
    {
        var error = EngineErrorReader.Read(502, Encoding.UTF8.GetBytes(body));
        Assert.Equal((message, param, code), (error.Message, error.Param, error.Code));
    }

    [Theory]
    [InlineData("This model's maximum context length is 4096 tokens. However, you requested 5000 tokens.")]
    [InlineData("The prompt is too long: the model's context length is only 512 tokens")]
    public void A_prompt_that_does_not_fit_is_recognised(string message) =>
        Assert.True(new EngineError(message, null, "400", null).IsContextLength);

    [Fact]
    public void A_page_of_text_is_cut()
    {
        var error = EngineErrorReader.Read(500, Encoding.UTF8.GetBytes(new string('x', 100_000)));
        Assert.Equal(EngineMessage.Longest, error.Message.Length);
    }

    [Theory]
    [InlineData("Traceback (most recent call last): File \"/usr/x.py\"", "The engine failed. Its own log says why.")]
    [InlineData("cannot reach http://10.0.0.5:8000/v1 or 10.0.0.6:9", "cannot reach (withheld) or (withheld)")]
    public void A_failing_engine_does_not_show_its_inside(string said, string message) =>
        Assert.Equal(message, EngineErrorReader.Read(500, Encoding.UTF8.GetBytes(said)).Message);

    [Fact]
    public void What_is_said_of_the_request_is_passed_on() =>
        Assert.Equal(
            "cannot fetch https://example.org/a.png",
            EngineErrorReader.Read(400, "cannot fetch https://example.org/a.png"u8).Message
        );
}
