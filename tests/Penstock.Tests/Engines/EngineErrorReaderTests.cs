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
    // FastAPI's validation, told by its first mistake
    [InlineData(
        """{"detail":[{"type":"missing","loc":["body","messages",0,"role"],"msg":"Field required"},{"msg":"x"}]}""",
        "Field required",
        "messages[0].role",
        null
    )]
    [InlineData("""{"detail":["too bad"]}""", "too bad", null, null)]
    [InlineData("plain text", "plain text", null, null)]
    [InlineData("<unk> is no token of this model", "<unk> is no token of this model", null, null)]
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
        var error = Read(502, body);
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
        var error = Read(500, new string('x', 100_000));
        Assert.Equal(EngineMessage.Longest, error.Message.Length);
    }

    [Theory]
    [InlineData("Traceback (most recent call last): File \"/usr/x.py\"", "The engine failed. Its own log says why.")]
    [InlineData("cannot reach http://10.0.0.5:8000/v1 or 10.0.0.6:9", "cannot reach (withheld) or (withheld)")]
    public void A_failing_engine_does_not_show_its_inside(string said, string message) =>
        Assert.Equal(message, Read(500, said).Message);

    [Fact]
    public void What_is_said_of_the_request_is_passed_on() =>
        Assert.Equal(
            "cannot fetch https://example.org/a.png",
            Read(400, "cannot fetch https://example.org/a.png").Message
        );

    [Theory]
    [InlineData(401)]
    [InlineData(400)]
    [InlineData(500)]
    public void A_stack_trace_is_never_shown(int status) =>
        Assert.DoesNotContain(
            "Traceback",
            Read(status, """{"error":"boom\nTraceback (most recent call last):\n File x"}""").Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("""{"error":{"message":"m","type":"InternalServerError","param":null,"code":500}}""", "m", 500)]
    [InlineData(
        """{"error":{"object":"error","message":"m","type":"SERVICE_UNAVAILABLE","param":null,"code":503}}""",
        "m",
        503
    )]
    [InlineData("""{"error":{"message":"m","http_status_code":424}}""", "m", 500)]
    [InlineData("""{"error":{"code":400,"message":"m","type":"invalid_request_error"}}""", "m", 400)]
    [InlineData("""{"object":"error","message":"m","type":"x","param":null,"code":null}""", "m", 500)]
    [InlineData("""{"error":"lost http://10.0.0.5:8000/x"}""", "lost (withheld)", 500)]
    public void An_error_event_carries_its_own_status(string data, string message, int status)
    {
        var error = EngineErrorReader.ReadEvent(Encoding.UTF8.GetBytes(data));
        Assert.Equal((message, status), (error.Message, error.Status));
    }

    [Theory]
    [InlineData("""{"id":"x","choices":[],"error":{"message":"m"}}""", null, null)]
    [InlineData("""{"error":{"message":"m"}}""", "m", 500)]
    [InlineData("""{"error":"m"}""", "m", 500)]
    [InlineData("""{"error":null,"id":"x"}""", null, null)]
    [InlineData("""{"id":"j","status":"IN_QUEUE"}""", "No worker has taken the job yet.", 503)]
    [InlineData("""{"id":"j","status":"FAILED"}""", "The job failed without saying why.", 500)]
    [InlineData("[]", null, null)]
    public void A_success_that_is_none_is_told_from_an_answer(string body, string? message, int? status)
    {
        var error = EngineErrorReader.ReadInSuccess(Encoding.UTF8.GetBytes(body));
        Assert.Equal((message, status), (error?.Message, error?.Status));
    }

    [Theory]
    [InlineData(
        "CUDA error: an illegal memory access at tcp://10.0.0.5:1",
        500,
        "CUDA error: an illegal memory access at (withheld)"
    )]
    [InlineData("beam width must be 1", 400, "beam width must be 1")]
    public void What_trtllm_calls_the_caller_s_fault_is_judged_by_its_words(string said, int status, string message)
    {
        var body = "{\"object\":\"error\",\"message\":\"" + said + "\",\"type\":\"BadRequestError\",\"code\":400}";
        var error = EngineErrorReader.Read(EngineCatalog.Find("trtllm"), 400, Encoding.UTF8.GetBytes(body));

        Assert.Equal((message, status), (error.Message, error.Status));
    }

    private static EngineError Read(int status, string body) =>
        EngineErrorReader.Read(EngineCatalog.Find("vllm"), status, Encoding.UTF8.GetBytes(body));
}
