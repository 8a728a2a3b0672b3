using System.Text.Json;
using Penstock.Envelopes;

namespace Penstock.Tests.Envelopes;

/// <summary>
/// What the gateway believes of an accepted body, held against what a parser of whole documents reads.
/// </summary>
internal static class Beliefs
{
    public static void Check(byte[] body, in RequestEnvelope envelope)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 200 });
        var root = document.RootElement;
        Span<char> model = stackalloc char[RequestEnvelope.LongestModel];
        Assert.True(envelope.TryCopyModel(body, model, out var length));
        Assert.Equal(root.GetProperty("model").GetString(), model[..length].ToString());
        Assert.Equal(Given(root, "stream")?.GetBoolean() ?? false, envelope.Stream);
        Assert.Equal(
            (Given(root, "max_completion_tokens") ?? Given(root, "max_tokens"))?.GetInt64(),
            envelope.MaxTokens
        );
        Assert.Equal(Given(root, "n")?.GetInt32() ?? 1, envelope.N);
        Assert.Equal(Given(root, "top_logprobs")?.GetInt64() ?? 0, envelope.TopLogprobs);
        Assert.Equal(Given(root, "logprobs")?.GetBoolean() ?? false, envelope.HasLogprobs);
        Assert.Equal((Given(root, "tools")?.GetArrayLength() ?? 0) > 0, envelope.HasTools);
        Assert.Equal(
            Given(root, "stream_options") is { } options && (Given(options, "include_usage")?.GetBoolean() ?? false),
            envelope.IncludeUsage
        );
        Assert.Equal(
            EngineControls.Names.Any(name => Given(root, name) is not null),
            envelope.EngineControl is not null
        );
    }

    /// <summary>The member's value; null when it is absent or null.</summary>
    public static JsonElement? Given(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
