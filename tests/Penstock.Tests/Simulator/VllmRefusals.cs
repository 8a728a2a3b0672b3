using System.Text;
using Penstock.Simulator;

namespace Penstock.Tests.Simulator;

/// <summary>vLLM's refusals: status, type, parameter and words.</summary>
public sealed class VllmRefusals
{
    [Theory]
    [InlineData("\"temperature\":\"hot\"", "body.temperature", "unable to parse string as a number")]
    [InlineData("\"temperature\":[]", "body.temperature", "valid number")]
    [InlineData("\"max_tokens\":1.5", "body.max_tokens", "fractional part")]
    [InlineData("\"max_tokens\":\"ten\"", "body.max_tokens", "unable to parse string as an integer")]
    [InlineData("\"stream\":\"maybe\"", "body.stream", "valid boolean")]
    [InlineData("\"stop\":[1]", "body.stop", "valid string")]
    [InlineData("\"n\":{}", "body.n", "valid integer")]
    [InlineData("\"tools\":{}", "body.tools", "valid list")]
    [InlineData("\"tools\":[1]", "body.tools.0", "valid dictionary")]
    [InlineData("\"tools\":[{\"type\":\"function\"}]", "body.tools.0.function", "Field required")]
    [InlineData("\"response_format\":{\"type\":\"yaml\"}", "body.response_format.type", "json_schema")]
    [InlineData("\"logit_bias\":[]", "body.logit_bias", "valid dictionary")]
    [InlineData("\"stream_options\":{}", null, null)]
    [InlineData(
        "\"stream_options\":{\"include_usage\":true}",
        "stream_options",
        "Stream options can only be defined when `stream=True`."
    )]
    [InlineData("\"tools\":[]", "tools", "`tools` must not be an empty array")]
    [InlineData("\"tool_choice\":\"auto\"", "tool_choice", "When using `tool_choice`, `tools` must be set.")]
    [InlineData(
        "\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"g\"}},\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]",
        "tool_choice",
        "does not match any of the specified `tools`"
    )]
    [InlineData(
        "\"tool_choice\":{\"type\":\"function\"},\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]",
        "tool_choice.function",
        "Invalid value for `function`"
    )]
    [InlineData(
        "\"tool_choice\":\"any\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]",
        "tool_choice",
        "Only named tools"
    )]
    [InlineData("\"top_logprobs\":2", "top_logprobs", "when using `top_logprobs`, `logprobs` must be set to true.")]
    [InlineData("\"top_logprobs\":-2,\"logprobs\":true", "top_logprobs", "must be a positive value or -1")]
    [InlineData("\"prompt_logprobs\":1,\"stream\":true", "prompt_logprobs", "are not available when `stream=True`.")]
    [InlineData(
        "\"response_format\":{\"type\":\"json_schema\"}",
        "response_format",
        "'json_schema' field must be provided"
    )]
    public async Task What_is_found_while_reading_is_a_Bad_Request(string more, string? param, string? text)
    {
        await using var simulator = new SimulatorClient();
        if (param is null)
        {
            await simulator.JsonAsync(SimulatorClient.Body("hello", more));
            return;
        }

        var (status, error) = await simulator.RefusalAsync(SimulatorClient.Body("hello", more));
        Assert.Equal(
            (400, "Bad Request", 400),
            (status, error["type"]!.GetValue<string>(), error["code"]!.GetValue<int>())
        );
        Assert.Equal(param, error["param"]!.GetValue<string>());
        Assert.Contains(text!, error["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"temperature\":2.5", "temperature", "temperature must be in [0, 2], got 2.5.")]
    [InlineData("\"temperature\":-1", "temperature", "temperature must be non-negative, got -1.0.")]
    [InlineData("\"top_p\":0", "top_p", "top_p must be in (0, 1], got 0.0.")]
    [InlineData("\"presence_penalty\":3", null, "presence_penalty must be in [-2, 2], got 3.0.")]
    [InlineData("\"n\":0", "n", "n must be at least 1, got 0.")]
    [InlineData("\"n\":2,\"temperature\":0", null, "n must be 1 when using greedy sampling, got 2.")]
    [InlineData("\"max_tokens\":0", "max_tokens", "max_tokens must be at least 1, got 0.")]
    [InlineData(
        "\"min_tokens\":9,\"max_tokens\":8",
        null,
        "min_tokens must be less than or equal to max_tokens=8, got 9."
    )]
    [InlineData("\"stop\":\"\"", null, "stop cannot contain an empty string.")]
    [InlineData("\"top_logprobs\":21,\"logprobs\":true", "logprobs", "greater than max allowed: 20")]
    [InlineData("\"max_tokens\":999999", "max_tokens", "max_tokens=999999 cannot be greater than max_model_len=1000.")]
    public async Task What_is_found_before_running_is_a_BadRequestError(string more, string? param, string text)
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { MaxModelLen = 1000 });
        var (status, error) = await simulator.RefusalAsync(SimulatorClient.Body("hello", more));
        Assert.Equal((400, "BadRequestError"), (status, error["type"]!.GetValue<string>()));
        Assert.Equal(param, error["param"]?.GetValue<string>());
        Assert.Contains(text, error["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"max_tokens\":995", 995, 6)]
    [InlineData("\"max_completion_tokens\":1000", 1000, 1)]
    public async Task A_request_that_does_not_fit_is_told_the_context_length(string more, int asked, int counted)
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { MaxModelLen = 1000 });
        var (status, error) = await simulator.RefusalAsync(SimulatorClient.Body("hello", more));
        Assert.Equal((400, "input_tokens"), (status, error["param"]!.GetValue<string>()));
        Assert.Equal(
            $"This model's maximum context length is 1000 tokens. However, you requested {asked} output tokens and your prompt contains at least {counted} input tokens, for a total of at least 1001 tokens. Please reduce the length of the input prompt or the number of requested output tokens. (parameter=input_tokens, value={counted})",
            error["message"]!.GetValue<string>()
        );
    }

    [Fact]
    public async Task An_unknown_model_is_not_found()
    {
        await using var simulator = new SimulatorClient();
        var (status, error) = await simulator.RefusalAsync(
            SimulatorClient.Body().Replace("demo", "gpt-9", StringComparison.Ordinal)
        );
        Assert.Equal(404, status);
        Assert.Equal(
            """{"message":"The model `gpt-9` does not exist.","type":"NotFoundError","param":"model","code":404}""",
            error.ToJsonString(
                new System.Text.Json.JsonSerializerOptions
                {
                    Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                }
            )
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]} trailing")]
    [InlineData("{}")]
    [InlineData("{\"messages\":\"hello\"}")]
    [InlineData("{\"messages\":[1]}")]
    [InlineData("{\"messages\":[{\"content\":\"no role\"}]}")]
    public async Task A_body_that_is_no_request_is_refused(string body)
    {
        await using var simulator = new SimulatorClient();
        var (status, error) = await simulator.RefusalAsync(body);
        Assert.Equal((400, "Bad Request"), (status, error["type"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF_8_are_refused()
    {
        await using var simulator = new SimulatorClient();
        var bytes = Encoding.UTF8.GetBytes(SimulatorClient.Body("hello?"));
        bytes[Array.IndexOf(bytes, (byte)'?')] = 0xFF;
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new System.Net.Http.Headers.MediaTypeHeaderValue("application/json");
        using var response = await simulator.Http.PostAsync(
            SimulatorClient.ChatPath,
            content,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains(
            "error parsing the body",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Another_content_type_is_refused()
    {
        await using var simulator = new SimulatorClient();
        using var content = new StringContent(SimulatorClient.Body(), Encoding.UTF8, "text/plain");
        using var response = await simulator.Http.PostAsync(
            SimulatorClient.ChatPath,
            content,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(400, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("\"max_tokens\":\"5\"")]
    [InlineData("\"max_tokens\":5.0")]
    [InlineData("\"max_tokens\":9,\"max_tokens\":5")]
    [InlineData("\"max_tok\\u0065ns\":5")]
    [InlineData("\"Max_Tokens\":7,\"max_tokens\":5")]
    [InlineData("\"max_tokens\":5,\"no_such_field\":{\"deep\":[1e400]},\"echo\":false")]
    public async Task Bodies_are_read_as_Python_reads_them(string more)
    {
        await using var simulator = new SimulatorClient();
        var answer = await simulator.JsonAsync(SimulatorClient.Body("hello", more));
        Assert.Equal(5, answer["usage"]!["completion_tokens"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_byte_order_mark_and_lone_surrogates_pass()
    {
        await using var simulator = new SimulatorClient();
        await simulator.JsonAsync(
            "\uFEFF" + SimulatorClient.Body().Replace("hello", "\\ud83d", StringComparison.Ordinal)
        );
    }
}
