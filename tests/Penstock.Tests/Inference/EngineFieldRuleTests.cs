using System.Net;
using System.Text.Json;
using Penstock.Engines;
using Penstock.Routing;
using Penstock.Simulator;
using Penstock.Tests.Forwarding;

namespace Penstock.Tests.Inference;

/// <summary>The rules of each engine, through the whole corridor.</summary>
public sealed class EngineFieldRuleTests
{
    private const string Answer = """{"id":"c","choices":[{"index":0,"finish_reason":"stop"}]}""";

    [Theory]
    [InlineData("trtllm", "\"store\":true,\"seed\":1,\"metadata\":{}", "\"seed\":1")]
    [InlineData("trtllm", "\"functions\":[],\"guided_json\":{}", "\"functions\":[],\"guided_json\":{}")]
    [InlineData("sglang", "\"stream\":null,\"n\":null", "\"stream\":false,\"n\":1")]
    [InlineData("ollama", "\"max_completion_tokens\":5", "\"max_tokens\":5")]
    [InlineData("tgi", "\"stop\":\"x\"", "\"stop\":[\"x\"]")]
    [InlineData("vllm", "\"store\":true,\"stop\":\"x\",\"n\":null", "\"store\":true,\"stop\":\"x\",\"n\":null")]
    [InlineData(
        "llamacpp",
        """
            "tools":[{"type":"function","function":{"name":"t"}}],"tool_choice":{"type":"function","function":{"name":"t"}}
            """,
        """
            "tools":[{"type":"function","function":{"name":"t"}}],"tool_choice":"required"
            """
    )]
    public async Task An_engine_gets_the_body_as_it_wants_it(string backend, string given, string sent)
    {
        using var engine = new FakeEngine();
        await using var gateway = await StartAsync(backend, engine.Url);
        var asked = gateway.AskAsync(Body(given));
        using var connection = await engine.AcceptAsync();
        var request = await connection.ReadRequestAsync();
        await connection.SendAsync(
            $"HTTP/1.1 200 X\r\nContent-Type: application/json\r\nContent-Length: {Answer.Length}\r\n\r\n{Answer}"
        );
        using var answer = await asked;

        Assert.EndsWith(Body(sent), request, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("ollama", "\"n\":2", "n", "invalid_value")]
    [InlineData("tgi", "\"n\":2", "n", "invalid_value")]
    [InlineData(
        "ollama",
        "\"tools\":[{\"type\":\"function\"}],\"tool_choice\":\"required\"",
        "tool_choice",
        "invalid_value"
    )]
    public async Task What_an_engine_would_ignore_is_refused(string backend, string given, string param, string code)
    {
        using var engine = new FakeEngine();
        await using var gateway = await StartAsync(backend, engine.Url);
        using var answer = await gateway.AskAsync(Body(given));

        await AssertRefusedAsync(answer, param, code);
    }

    [Fact]
    public async Task A_field_left_out_is_told_once()
    {
        await using var engine = SimulatorServer.Start(new SimulatorOptions { Models = ["m"] });
        await using var gateway = await StartAsync("trtllm", engine.Url);
        foreach (var more in (string[])["\"store\":true", "\"store\":false", "\"store\":true,\"metadata\":{}"])
        {
            using var answer = await gateway.AskAsync(Body(more));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal(
            ["store", "metadata"],
            gateway
                .Logs.GetSnapshot()
                .Where(record => record.Id.Id == 1003)
                .Select(record => record.GetStructuredStateValue("field"))
        );
    }

    [Theory]
    [InlineData("0.11.2", false)]
    [InlineData("0.12.0rc1.dev3+g1a2b3c", true)]
    [InlineData("v0.27.1", true)]
    [InlineData("main", false)]
    [InlineData(null, false)]
    public async Task Guided_decoding_is_refused_where_the_release_is_known_to_ignore_it(
        string? version,
        bool isRefused
    )
    {
        await using var engine = SimulatorServer.Start(new SimulatorOptions { Models = ["m"] });
        await using var gateway = await StartAsync("vllm", engine.Url);
        var replica = gateway.Router.Table.Routes.Single().Replicas.Single();
        replica.Card = new CapabilityCard { ProbedAt = DateTimeOffset.UnixEpoch, EngineVersion = version };
        using var answer = await gateway.AskAsync(Body("\"guided_json\":{\"type\":\"object\"}"));

        if (isRefused)
        {
            var message = await AssertRefusedAsync(answer, "guided_json", "unsupported_parameter");
            Assert.Contains("structured_outputs", message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    private static async Task<string> AssertRefusedAsync(HttpResponseMessage answer, string param, string code)
    {
        using var json = JsonDocument.Parse(
            await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)
        );
        var error = json.RootElement.GetProperty("error");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(param, error.GetProperty("param").GetString());
        Assert.Equal(code, error.GetProperty("code").GetString());
        return error.GetProperty("message").GetString()!;
    }

    private static string Body(string more) =>
        """{"model":"m","messages":[{"role":"user","content":"hi"}],""" + more.Trim() + "}";

    private static Task<GatewayInProcess> StartAsync(string backend, Uri engine) =>
        GatewayInProcess.StartAsync([
            GatewayInProcess.Deploy("m", engine) with
            {
                Backend = backend,
                UpstreamModel = "m",
                Defaults = SamplingDefaults.OfTheEngine,
            },
        ]);
}
