#:package OpenAI@2.15.0

using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;

var url = Environment.GetEnvironmentVariable("PENSTOCK_URL") ?? "http://127.0.0.1:8080";
var key =
    Environment.GetEnvironmentVariable("PENSTOCK_KEY") ?? throw new InvalidOperationException("Set PENSTOCK_KEY.");
var model = Environment.GetEnvironmentVariable("PENSTOCK_MODEL") ?? "demo";

var options = new OpenAIClientOptions { Endpoint = new Uri(url + "/v1") };
options.AddPolicy(new ShowHeaders(), PipelinePosition.PerCall);
var client = new ChatClient(model, new ApiKeyCredential(key), options);

await foreach (var update in client.CompleteChatStreamingAsync("Say hello."))
{
    foreach (var part in update.ContentUpdate)
        Console.Write(part.Text);
}
Console.WriteLine();

/// <summary>Prints who answered, as soon as the answer's head is here.</summary>
sealed class ShowHeaders : PipelinePolicy
{
    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int index)
    {
        ProcessNext(message, pipeline, index);
        Show(message);
    }

    public override async ValueTask ProcessAsync(
        PipelineMessage message,
        IReadOnlyList<PipelinePolicy> pipeline,
        int index
    )
    {
        await ProcessNextAsync(message, pipeline, index);
        Show(message);
    }

    private static void Show(PipelineMessage message)
    {
        foreach (var name in (string[])["X-Request-Id", "X-Backend", "X-Model-Used", "X-RateLimit-Remaining"])
        {
            if (message.Response!.Headers.TryGetValue(name, out var value))
                Console.WriteLine($"{name}: {value}");
        }
    }
}
