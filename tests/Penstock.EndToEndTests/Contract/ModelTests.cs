using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Contract;

/// <summary>The list of models, and one of them, answered from the registry.</summary>
public sealed class ModelTests : IAsyncLifetime
{
    private const string Slashed = "meta-llama/Llama-3.3-70B-Instruct";

    private readonly RecordingEngine _engine = new();
    private GatewayProcess _gateway = null!;

    public async ValueTask InitializeAsync() =>
        _gateway = await GatewayProcess.StartAsync(
            new Declaration()
                .Tenant("acme")
                .Tenant("other")
                .Deployment("acme", "small", "org/model", _engine.Url)
                .Deployment("acme", Slashed, "org/model", _engine.Url)
                .Deployment("acme", "down", "org/model", $"http://127.0.0.1:{FreePort.Take()}")
                .Deployment("*", "shared", "org/model", _engine.Url)
                .Deployment("other", "secret", "org/model", _engine.Url)
        );

    [Fact]
    public async Task The_list_is_what_the_workspace_may_call()
    {
        var answer = (await _gateway.As("acme").GetAsync("/v1/models")).Expect(200);

        Assert.Equal("list", answer.Json["object"]!.GetValue<string>());
        Assert.Equal(
            ((string[])["down", Slashed, "shared", "small"]).Order(StringComparer.Ordinal),
            answer.Json["data"]!
                .AsArray()
                .Select(model => model!["id"]!.GetValue<string>())
                .Where(id => id != "demo")
                .Order(StringComparer.Ordinal)
        );
        Assert.All(answer.Json["data"]!.AsArray(), AssertModel);
        Assert.True(Guid.TryParse(answer.Header("X-Request-Id"), out _));
        Assert.NotNull(answer.Header("X-RateLimit-Remaining"));
    }

    [Theory]
    [InlineData("small", "small")]
    [InlineData("shared", "shared")]
    [InlineData("down", "down")]
    [InlineData(Slashed, Slashed)]
    [InlineData("meta-llama%2FLlama-3.3-70B-Instruct", Slashed)]
    public async Task One_model_is_found_by_its_name(string path, string id)
    {
        var answer = (await _gateway.As("acme").GetAsync("/v1/models/" + path)).Expect(200);

        Assert.Equal(id, answer.Json["id"]!.GetValue<string>());
        AssertModel(answer.Json);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("secret")]
    [InlineData("meta-llama")]
    [InlineData("small/x")]
    [InlineData("org/model")]
    public async Task A_model_that_is_not_there_is_not_found(string path) =>
        (await _gateway.As("acme").GetAsync("/v1/models/" + path)).ExpectError(
            404,
            "not_found_error",
            "model_not_found"
        );

    [Fact]
    public async Task A_name_with_slashes_can_be_called()
    {
        var answer = (await _gateway.As("acme").ChatAsync(ChatBody.Minimal(Slashed))).Expect(200);

        Assert.Equal(Slashed, answer.Header("X-Route-Model"));
    }

    private static void AssertModel(JsonNode? model)
    {
        Assert.Equal("model", model!["object"]!.GetValue<string>());
        Assert.True(model["created"]!.GetValue<long>() > 1_600_000_000);
        Assert.False(string.IsNullOrEmpty(model["owned_by"]!.GetValue<string>()));
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _engine.DisposeAsync();
    }
}
