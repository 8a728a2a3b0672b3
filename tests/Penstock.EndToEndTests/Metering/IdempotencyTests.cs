using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json.Nodes;
using OpenAI;
using OpenAI.Chat;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Metering;

/// <summary>Twins at a real gateway: the engine counts one generation, the ledger one bill.</summary>
public sealed class IdempotencyTests
{
    private const int Twins = 100;
    private const int Tokens = 30;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hundred_twins_are_one_generation_and_one_bill(bool stream)
    {
        await using var engine = await SimulatorProcess.StartAsync("--tokens", $"{Tokens}", "--itl", "10ms");
        await using var gateway = await GatewayProcess.StartAsync(Declare(engine));
        var body = ChatBody.Saying("Hi", "demo", stream);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, Twins).Select(_ => gateway.As("acme").ChatAsync(body, ("Idempotency-Key", "one")))
        );

        Assert.All(answers, answer => Assert.Equal((200, answers[0].Text), (answer.Status, answer.Text)));
        Assert.Equal(Twins - 1, answers.Count(answer => answer.Header("Idempotency-Replayed") == "true"));
        Assert.Equal(1, await GenerationsAsync(engine));
        var used = await UsageAsync(gateway, Twins);
        Assert.Equal(Tokens, used["completion_tokens"]!.GetValue<long>());
        Assert.Equal(0, used["errors"]!.GetValue<long>());
    }

    [Fact]
    public async Task A_key_that_was_revoked_gets_no_answer_again()
    {
        await using var engine = await SimulatorProcess.StartAsync();
        await using var gateway = await GatewayProcess.StartAsync(Declare(engine));
        var created = await gateway.Admin.CreateAsync(
            "keys",
            new JsonObject { ["workspace"] = "acme", ["name"] = "second" }
        );
        var client = gateway.WithSecret(created["secret"]!.GetValue<string>());
        var body = ChatBody.Saying("Hi", "demo");
        Assert.Equal(200, (await client.ChatAsync(body, ("Idempotency-Key", "one"))).Status);

        (await gateway.Cli.RunAsync("keys", "revoke", created["id"]!.GetValue<string>())).Expect(0);

        Assert.Equal(401, (await client.ChatAsync(body, ("Idempotency-Key", "one"))).Status);
        // The workspace's other key has it.
        var other = await gateway.As("acme").ChatAsync(body, ("Idempotency-Key", "one"));
        Assert.Equal((200, "true"), (other.Status, other.Header("Idempotency-Replayed")));
    }

    [Fact]
    public async Task The_library_for_NET_sends_a_key_by_a_policy_and_reads_the_same_answer_twice()
    {
        await using var engine = await SimulatorProcess.StartAsync();
        await using var gateway = await GatewayProcess.StartAsync(Declare(engine));
        var options = new OpenAIClientOptions { Endpoint = new Uri(gateway.BaseUrl + "/v1") };
        options.AddPolicy(new KeyPolicy("dotnet-1"), PipelinePosition.PerCall);
        var client = new ChatClient("demo", new ApiKeyCredential(Declaration.Secret("acme")), options);

        var first = await client.CompleteChatAsync("Say hello.");
        var second = await client.CompleteChatAsync("Say hello.");

        Assert.Equal(first.Value.Id, second.Value.Id);
        Assert.Equal(first.Value.Content[0].Text, second.Value.Content[0].Text);
        Assert.True(second.GetRawResponse().Headers.TryGetValue("Idempotency-Replayed", out var replayed));
        Assert.Equal("true", replayed);
        Assert.Equal(1, await GenerationsAsync(engine));
        var refused = await Assert.ThrowsAsync<ClientResultException>(() => client.CompleteChatAsync("Say goodbye."));
        Assert.Equal(409, refused.Status);
    }

    private static Declaration Declare(SimulatorProcess engine) =>
        new Declaration().Tenant("acme").Deployment("acme", "demo", "demo", engine.Url);

    private static async Task<int> GenerationsAsync(SimulatorProcess engine) =>
        (await engine.GetAsync("/sim/generations"))["generations"]!.AsArray().Count;

    private static async Task<JsonObject> UsageAsync(GatewayProcess gateway, int requests)
    {
        JsonObject? row = null;
        await Until.TrueAsync(
            async () =>
            {
                var rows = (await gateway.Admin.GetAsync("usage?by=model")).Expect(200).Json["data"]!.AsArray();
                row = rows.SingleOrDefault()?.AsObject();
                return row?["requests"]!.GetValue<long>() == requests;
            },
            $"{requests} rows in the ledger"
        );
        return row!;
    }

    private sealed class KeyPolicy(string key) : PipelinePolicy
    {
        public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            message.Request.Headers.Set("Idempotency-Key", key);
            ProcessNext(message, pipeline, currentIndex);
        }

        public override ValueTask ProcessAsync(
            PipelineMessage message,
            IReadOnlyList<PipelinePolicy> pipeline,
            int currentIndex
        )
        {
            message.Request.Headers.Set("Idempotency-Key", key);
            return ProcessNextAsync(message, pipeline, currentIndex);
        }
    }
}
