using System.ClientModel;
using OpenAI.Chat;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Clients;

/// <summary>Every class of error as the official library for .NET throws it, and its retry after a 429.</summary>
public sealed class DotNetErrorTests : IClassFixture<SimulatedGateway>
{
    private readonly SimulatedGateway _fixture;

    public DotNetErrorTests(SimulatedGateway fixture) => _fixture = fixture;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wrong_key_is_401() =>
        await AssertThrows(DotNetClient.Chat(_fixture, secret: "sk-not-a-key-of-this-gateway"), 401, "invalid_api_key");

    [Fact]
    public async Task A_model_not_allowed_is_403() =>
        await AssertThrows(
            DotNetClient.Chat(_fixture, secret: Declaration.Secret(SimulatedGateway.ScopedKey)),
            403,
            "model_not_allowed"
        );

    [Fact]
    public async Task An_unknown_model_is_404() =>
        await AssertThrows(DotNetClient.Chat(_fixture, "no-such-model"), 404, "model_not_found");

    [Fact]
    public async Task A_value_out_of_range_is_400() =>
        await AssertThrows(
            DotNetClient.Chat(_fixture),
            400,
            "invalid_value",
            options: new ChatCompletionOptions { Temperature = 3 }
        );

    [Fact]
    public async Task A_prompt_too_long_is_400()
    {
        // The simulator's context holds 131,072 tokens.
        var prompt = string.Concat(Enumerable.Repeat("word ", 200_000));

        await AssertThrows(DotNetClient.Chat(_fixture), 400, "context_length_exceeded", prompt);
    }

    [Fact]
    public async Task An_engine_that_fails_is_5xx()
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(() =>
            DotNetClient
                .Chat(_fixture, SimulatedGateway.FailingModel)
                .CompleteChatAsync([new UserChatMessage("[[sim status=500]]")], null, Cancel)
        );

        // 503: the library asks again until the replica is out of use.
        Assert.InRange(error.Status, 500, 503);
    }

    [Fact]
    public async Task A_model_that_is_down_is_5xx()
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(() =>
            DotNetClient
                .Chat(_fixture, SimulatedGateway.DownModel)
                .CompleteChatAsync([new UserChatMessage("x")], null, Cancel)
        );

        Assert.InRange(error.Status, 502, 503);
    }

    [Fact]
    public async Task An_engine_that_limits_is_429()
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(() =>
            DotNetClient.Chat(_fixture).CompleteChatAsync([new UserChatMessage("[[sim status=429]]")], null, Cancel)
        );

        Assert.Equal(429, error.Status);
        Assert.Contains("engine_rate_limited", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_is_cut_never_finishes()
    {
        // This library takes the error event for a chunk without choices; what is left to see is that nothing finished.
        var text = "";
        ChatFinishReason? finish = null;
        var updates = DotNetClient
            .Chat(_fixture)
            .CompleteChatStreamingAsync([new UserChatMessage("[[sim cut=5]]")], null, Cancel);
        await foreach (var update in updates)
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            finish = update.FinishReason ?? finish;
        }

        Assert.NotEmpty(text);
        Assert.Null(finish);
    }

    [Fact]
    public async Task Nobody_listening_throws()
    {
        var options = new OpenAI.OpenAIClientOptions { Endpoint = new Uri($"http://127.0.0.1:{FreePort.Take()}/v1") };
        var client = new ChatClient("demo", DotNetClient.Credential(), options);

        await Assert.ThrowsAnyAsync<Exception>(() =>
            client.CompleteChatAsync([new UserChatMessage("x")], null, Cancel)
        );
    }

    [Fact]
    public async Task A_429_is_retried_when_it_said_and_then_succeeds()
    {
        var secret = await _fixture.SlowSecretAsync("dotnet");
        using var watched = new WatchingHandler();
        var client = DotNetClient.Chat(_fixture, secret: secret, handler: watched);

        await client.CompleteChatAsync([new UserChatMessage("one")], null, Cancel);
        await client.CompleteChatAsync([new UserChatMessage("two")], null, Cancel);

        // Two seconds to wait: a client that did not heed Retry-After would have come back too early, and been refused.
        Assert.Equal([200, 429, 200], watched.Answers.Select(answer => (int)answer.StatusCode));
        Assert.Equal("2", Assert.Single(watched.Answers[1].Headers.GetValues("Retry-After")));
    }

    private static async Task AssertThrows(
        ChatClient client,
        int status,
        string code,
        string prompt = "Hello.",
        ChatCompletionOptions? options = null
    )
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(() =>
            client.CompleteChatAsync([new UserChatMessage(prompt)], options, Cancel)
        );

        Assert.Equal(status, error.Status);
        Assert.Contains(code, error.GetRawResponse()!.Content.ToString(), StringComparison.Ordinal);
        Assert.True(error.GetRawResponse()!.Headers.TryGetValue("X-Request-Id", out _));
    }
}
