using System.Text.Json;
using Penstock.Simulator.Engine;

namespace Penstock.Simulator.Streaming;

/// <summary>
/// A request's prompt in the order in which a chat template writes it: tools, then message after message. A
/// conversation that goes on begins with the same blocks.
/// </summary>
internal static class PromptText
{
    // As the dialects count: what a template puts around each message, what one picture is.
    private const int TemplateTokens = 4;
    private const int MediaTokens = 256;

    public static void Add(PromptBlocks blocks, JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        if (body.TryGetProperty("tools", out var tools) && tools.ValueKind == JsonValueKind.Array)
        {
            blocks.Add(tools.GetRawText());
        }

        if (body.TryGetProperty("messages", out var messages) && messages.ValueKind == JsonValueKind.Array)
        {
            foreach (var message in messages.EnumerateArray())
            {
                AddMessage(blocks, message);
            }
        }

        if (body.TryGetProperty("prompt", out var prompt))
        {
            AddContent(blocks, prompt);
        }
    }

    private static void AddMessage(PromptBlocks blocks, JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        blocks.Add(message.TryGetProperty("role", out var role) ? role.GetRawText() : "", TemplateTokens);
        if (message.TryGetProperty("content", out var content))
        {
            AddContent(blocks, content);
        }

        if (message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array)
        {
            blocks.Add(calls.GetRawText());
        }
    }

    private static void AddContent(PromptBlocks blocks, JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            blocks.Add(Text(content));
        }
        else if (content.ValueKind == JsonValueKind.Array)
        {
            foreach (var part in content.EnumerateArray())
            {
                AddPart(blocks, part);
            }
        }
    }

    private static void AddPart(PromptBlocks blocks, JsonElement part)
    {
        if (part.ValueKind == JsonValueKind.String)
        {
            blocks.Add(Text(part));
        }
        else if (
            part.ValueKind == JsonValueKind.Object
            && part.TryGetProperty("text", out var text)
            && text.ValueKind == JsonValueKind.String
        )
        {
            blocks.Add(Text(text));
        }
        else
        {
            blocks.Add(part.GetRawText(), MediaTokens);
        }
    }

    private static string Text(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, escaped: no string here, but a prompt to a lenient engine.
            return value.GetRawText();
        }
    }
}
