#pragma warning disable OPENAI001 // Seed: still marked as for evaluation in the library, long in the API.
using System.Text.Json;
using OpenAI.Chat;
using OpenAI.Models;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Clients;

/// <summary>The official OpenAI library for .NET, doing what callers do with it.</summary>
public sealed class DotNetClientTests : IClassFixture<SimulatedGateway>
{
    private static readonly BinaryData Schema = BinaryData.FromString(
        """
        {"type":"object","properties":{"city":{"type":"string"},"degrees":{"type":"integer"}},"required":["city","degrees"],"additionalProperties":false}
        """
    );

    private readonly SimulatedGateway _fixture;

    public DotNetClientTests(SimulatedGateway fixture) => _fixture = fixture;

    private ChatClient Client => DotNetClient.Chat(_fixture);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Minimal()
    {
        var answer = await Client.CompleteChatAsync("Say hello.");

        Assert.NotEmpty(answer.Value.Content[0].Text);
        Assert.Equal(ChatMessageRole.Assistant, answer.Value.Role);
        Assert.True(answer.Value.Usage.OutputTokenCount > 0);
        Assert.Equal(
            answer.Value.Usage.TotalTokenCount,
            answer.Value.Usage.InputTokenCount + answer.Value.Usage.OutputTokenCount
        );
        Assert.True(answer.GetRawResponse().Headers.TryGetValue("X-Request-Id", out var id));
        Assert.True(Guid.TryParse(id, out _));
    }

    [Fact]
    public async Task Streaming()
    {
        var text = "";
        ChatFinishReason? finish = null;
        var updates = 0;
        await foreach (
            var update in Client.CompleteChatStreamingAsync([new UserChatMessage("Say hello.")], null, Cancel)
        )
        {
            updates++;
            finish = update.FinishReason ?? finish;
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
        }

        Assert.True(updates > 2);
        Assert.NotEmpty(text);
        Assert.Equal(ChatFinishReason.Stop, finish);
    }

    [Fact]
    public async Task Abort()
    {
        var aborted = await _fixture.Simulator.CountAsync("aborted");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var messages = new ChatMessage[] { new UserChatMessage("[[sim tokens=400 itl=1s]]") };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in Client.CompleteChatStreamingAsync(messages, null, stop.Token))
            {
                await stop.CancelAsync();
            }
        });

        await _fixture.Simulator.ReachesAsync("aborted", aborted + 1);
    }

    [Fact]
    public async Task Tools_there_and_back()
    {
        var tool = ChatTool.CreateFunctionTool("weather", "The weather of a city.", Schema);
        var options = new ChatCompletionOptions
        {
            Tools = { tool },
            ToolChoice = ChatToolChoice.CreateRequiredChoice(),
        };
        List<ChatMessage> messages = [new UserChatMessage("What is the weather in Oslo?")];

        var asked = (await Client.CompleteChatAsync(messages, options, Cancel)).Value;

        var call = Assert.Single(asked.ToolCalls);
        Assert.Equal("weather", call.FunctionName);
        using var arguments = JsonDocument.Parse(call.FunctionArguments);
        Assert.Equal(JsonValueKind.Object, arguments.RootElement.ValueKind);
        messages.Add(new AssistantChatMessage(asked));
        messages.Add(new ToolChatMessage(call.Id, "Three degrees, rain."));
        var answered = (
            await Client.CompleteChatAsync(messages, new ChatCompletionOptions { Tools = { tool } }, Cancel)
        ).Value;
        Assert.True(answered.Content.Count > 0 || answered.ToolCalls.Count > 0);
    }

    [Fact]
    public async Task Structured_output_of_any_object()
    {
        var options = new ChatCompletionOptions { ResponseFormat = ChatResponseFormat.CreateJsonObjectFormat() };

        var answer = (await Client.CompleteChatAsync([new UserChatMessage("JSON, please.")], options, Cancel)).Value;

        using var document = JsonDocument.Parse(answer.Content[0].Text);
        Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
    }

    [Fact]
    public async Task Structured_output_of_a_schema()
    {
        var options = new ChatCompletionOptions
        {
            ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("weather", Schema, jsonSchemaIsStrict: true),
        };

        var answer = (await Client.CompleteChatAsync([new UserChatMessage("Oslo?")], options, Cancel)).Value;

        using var document = JsonDocument.Parse(answer.Content[0].Text);
        Assert.Equal(JsonValueKind.String, document.RootElement.GetProperty("city").ValueKind);
        Assert.True(document.RootElement.GetProperty("degrees").TryGetInt64(out _));
        Assert.Equal(2, document.RootElement.EnumerateObject().Count());
    }

    [Fact]
    public async Task Log_probabilities()
    {
        var options = new ChatCompletionOptions { IncludeLogProbabilities = true, TopLogProbabilityCount = 3 };

        var answer = (await Client.CompleteChatAsync([new UserChatMessage("Hello.")], options, Cancel)).Value;

        Assert.Equal(answer.Usage.OutputTokenCount, answer.ContentTokenLogProbabilities.Count);
        Assert.All(answer.ContentTokenLogProbabilities, token => Assert.Equal(3, token.TopLogProbabilities.Count));
        Assert.All(answer.ContentTokenLogProbabilities, token => Assert.True(token.LogProbability <= 0));
    }

    [Fact]
    public async Task Two_choices()
    {
        // The library has no word for n; its protocol method sends what it is given.
        using var body = System.ClientModel.BinaryContent.Create(
            BinaryData.FromString(ChatBody.Minimal("demo", ",\"n\":2"))
        );

        var answer = await Client.CompleteChatAsync(body);

        using var document = JsonDocument.Parse(answer.GetRawResponse().Content.ToString());
        var choices = document.RootElement.GetProperty("choices").EnumerateArray().ToList();
        Assert.Equal([0, 1], choices.Select(choice => choice.GetProperty("index").GetInt32()));
        Assert.All(choices, choice => Assert.Equal("stop", choice.GetProperty("finish_reason").GetString()));
    }

    [Fact]
    public async Task Stop()
    {
        var options = new ChatCompletionOptions { Seed = 7 };
        var whole = (await Client.CompleteChatAsync([new UserChatMessage("Hello.")], options, Cancel))
            .Value
            .Content[0]
            .Text;
        var word = whole.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        options.StopSequences.Add(word);

        var cut = (await Client.CompleteChatAsync([new UserChatMessage("Hello.")], options, Cancel)).Value;

        Assert.Equal(
            whole[..whole.IndexOf(word, StringComparison.Ordinal)],
            string.Concat(cut.Content.Select(part => part.Text))
        );
        Assert.Equal(ChatFinishReason.Stop, cut.FinishReason);
    }

    [Fact]
    public async Task Max_tokens()
    {
        var options = new ChatCompletionOptions { MaxOutputTokenCount = 3 };

        var answer = (await Client.CompleteChatAsync([new UserChatMessage("Hello.")], options, Cancel)).Value;

        Assert.Equal(3, answer.Usage.OutputTokenCount);
        Assert.Equal(ChatFinishReason.Length, answer.FinishReason);
    }

    [Fact]
    public async Task Seed()
    {
        var same = new ChatCompletionOptions { Seed = 42 };
        var other = new ChatCompletionOptions { Seed = 43 };

        var first = await TextAsync(same);

        Assert.Equal(first, await TextAsync(same));
        Assert.NotEqual(first, await TextAsync(other));
    }

    [Fact]
    public async Task Models_can_be_listed_and_retrieved()
    {
        var models = new OpenAIModelClient(DotNetClient.Credential(), DotNetClient.Options(_fixture));

        var listed = (await models.GetModelsAsync(Cancel)).Value.Select(model => model.Id).ToList();

        Assert.Contains(SimulatedGateway.Model, listed);
        Assert.Contains(SimulatedGateway.SlashedModel, listed);
        Assert.Equal(SimulatedGateway.Model, (await models.GetModelAsync(SimulatedGateway.Model, Cancel)).Value.Id);
        Assert.Equal(
            SimulatedGateway.SlashedModel,
            (await models.GetModelAsync(SimulatedGateway.SlashedModel, Cancel)).Value.Id
        );
    }

    [Fact]
    public async Task A_model_with_a_slash_in_its_name_answers() =>
        Assert.NotEmpty(
            (await DotNetClient.Chat(_fixture, SimulatedGateway.SlashedModel).CompleteChatAsync("Hello."))
                .Value
                .Content[0]
                .Text
        );

    private async Task<string> TextAsync(ChatCompletionOptions options) =>
        (await Client.CompleteChatAsync([new UserChatMessage("Tell me something.")], options, Cancel))
            .Value
            .Content[0]
            .Text;
}
