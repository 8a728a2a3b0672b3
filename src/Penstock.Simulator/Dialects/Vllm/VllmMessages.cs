using System.Text;
using System.Text.Json;
using Penstock.Simulator.Answers;

namespace Penstock.Simulator.Dialects.Vllm;

/// <summary>Reads the messages once: who said what last, and how many tokens the prompt has.</summary>
internal static class VllmMessages
{
    // What a chat template puts around each message, and before the answer.
    private const int TemplateTokens = 4;
    private const int PromptTokens = 3;

    // A typical vision encoder's share for one picture of medium size.
    private const int MediaTokens = 256;

    public static (Conversation Conversation, int Tokens) Read(JsonElement messages)
    {
        var (role, userText, toolResult) = ("", "", (string?)null);
        var tokens = PromptTokens;
        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            role = Role(message, index++);
            var (text, media) = Content(message);
            tokens += TemplateTokens + Tokenizer.Count(text) + (media * MediaTokens);
            if (message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array)
            {
                tokens += Tokenizer.Count(calls.GetRawText());
            }

            switch (role)
            {
                case "user":
                    (userText, toolResult) = (text, null);
                    break;
                case "tool" or "function":
                    toolResult = text;
                    break;
            }
        }

        return (new Conversation(role, userText, toolResult), tokens);
    }

    private static string Role(JsonElement message, int index)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            throw VllmFields.Wrong($"messages.{index}", "dict_type", "Input should be a valid dictionary", message);
        }

        // Any string is a role: vLLM leaves it to the chat template.
        return message.TryGetProperty("role", out var role) && role.ValueKind == JsonValueKind.String
            ? VllmFields.Text(role)
            : throw VllmFields.Wrong($"messages.{index}.role", "missing", "Field required", message);
    }

    private static (string Text, int Media) Content(JsonElement message)
    {
        if (!message.TryGetProperty("content", out var content))
        {
            return ("", 0);
        }

        if (content.ValueKind == JsonValueKind.String)
        {
            return (VllmFields.Text(content), 0);
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            return ("", 0);
        }

        var text = new StringBuilder();
        var media = 0;
        foreach (var part in content.EnumerateArray())
        {
            if (part.ValueKind == JsonValueKind.String)
            {
                text.Append(VllmFields.Text(part));
            }
            else if (
                part.ValueKind == JsonValueKind.Object
                && part.TryGetProperty("text", out var words)
                && words.ValueKind == JsonValueKind.String
            )
            {
                text.Append(VllmFields.Text(words));
            }
            else
            {
                media++;
            }
        }

        return (text.ToString(), media);
    }
}
