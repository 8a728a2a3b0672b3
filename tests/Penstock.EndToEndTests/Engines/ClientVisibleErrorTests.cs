using System.ClientModel;
using System.Text.Json.Nodes;
using OpenAI;
using OpenAI.Chat;
using Penstock.EndToEndTests.Clients;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Engines;

/// <summary>Every error of every engine, as the three client libraries show it to a person.</summary>
public sealed class ClientVisibleErrorTests : IClassFixture<FailingEngines>
{
    private readonly FailingEngines _engines;

    public ClientVisibleErrorTests(FailingEngines engines) => _engines = engines;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. EngineFailures.All.Select(failure => failure.Name)];

    public static TheoryData<string> WithStatus =>
        [.. EngineFailures.All.Where(failure => !failure.IsMidStream).Select(failure => failure.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_library_for_JavaScript_raises_its_type_with_the_engine_s_words(string name)
    {
        var failure = EngineFailures.Find(name);
        var error = _engines.Node[name]!.AsObject();

        Assert.False(error.ContainsKey("escaped"), error.ToJsonString());
        Assert.Equal(failure.NodeClass, error["class"]!.GetValue<string>());
        Assert.Contains(failure.Words, error["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.DoesNotContain("status code (no body)", error["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(failure.Code, error["code"]!.GetValue<string>());
        Assert.Equal(failure.Type, error["type"]!.GetValue<string>());
        if (!failure.IsMidStream)
        {
            Assert.Equal(failure.Status, error["status"]!.GetValue<int>());
        }

        Assert.True(Guid.TryParse(error["request_id"]?.GetValue<string>(), out _), error.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(WithStatus))]
    public async Task The_library_for_dotnet_throws_with_the_engine_s_words(string name)
    {
        var failure = EngineFailures.Find(name);
        var options = new OpenAIClientOptions
        {
            Endpoint = new Uri(_engines.Gateway.BaseUrl + "/v1"),
            RetryPolicy = new System.ClientModel.Primitives.ClientRetryPolicy(maxRetries: 0),
        };
        var client = new ChatClient(name, DotNetClient.Credential(), options);

        var error = await Assert.ThrowsAsync<ClientResultException>(() =>
            client.CompleteChatAsync([new UserChatMessage("hi")], null, Cancel)
        );

        Assert.Equal(failure.Status, error.Status);
        Assert.Contains(failure.Words, error.Message, StringComparison.Ordinal);
        Assert.Contains(failure.Code, error.Message, StringComparison.Ordinal);
        Assert.True(error.GetRawResponse()!.Headers.TryGetValue("X-Request-Id", out _));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Curl_shows_one_envelope(string name)
    {
        var failure = EngineFailures.Find(name);
        var answer = await Curl.RunAsync([
            _engines.Gateway.BaseUrl + "/v1/chat/completions",
            "-H",
            $"Authorization: Bearer {Declaration.Secret(RecordedGateway.Tenant)}",
            "-H",
            "Content-Type: application/json",
            "-d",
            failure.IsMidStream ? ChatBody.Stream(name) : ChatBody.Minimal(name),
        ]);

        Assert.Equal(failure.Status, answer.Status);
        Assert.True(Guid.TryParse(answer.Header("X-Request-Id"), out _));
        var error = ErrorEnvelope.Of(failure.IsMidStream ? LastEvent(answer.Body) : answer.Body);
        Assert.Equal((failure.Type, failure.Code), (error.Type, error.Code));
        Assert.Contains(failure.Words, error.Message, StringComparison.Ordinal);
    }

    /// <summary>One error event and no sentinel behind it.</summary>
    private static string LastEvent(string body)
    {
        var events = body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Single(events, text => JsonNode.Parse(text["data: ".Length..])!["error"] is not null);
        return events[^1]["data: ".Length..];
    }
}
