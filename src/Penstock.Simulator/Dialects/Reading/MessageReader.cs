using System.Text;
using System.Text.Json;
using Penstock.Simulator.Answers;

namespace Penstock.Simulator.Dialects.Reading;

/// <summary>Reads the messages once: who said what last, and how many tokens the prompt has.</summary>
internal sealed class MessageReader(Complaints complaints)
{
    // What a chat template puts around each message, and before the answer.
    private const int TemplateTokens = 4;
    private const int PromptTokens = 3;

    // A typical vision encoder's share for one picture of medium size.
    private const int MediaTokens = 256;

    /// <param name="messages">An array.</param>
    /// <param name="continuesLast">
    /// Whether the last message, if it is the assistant's, is the beginning of the answer and no message of its own.
    /// </param>
    public Turns Read(JsonElement messages, bool continuesLast)
    {
        string? beginning = null;
        var last = messages.GetArrayLength() - 1;
        var (role, userText, toolResult) = ("", "", (string?)null);
        var tokens = PromptTokens;
        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            var (text, media) = Content(message);
            var speaker = Role(message, index);
            if (continuesLast && index == last && speaker is "assistant")
            {
                beginning = text;
                tokens += Tokenizer.Count(text);
                break;
            }

            index++;
            role = speaker;
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

        return new Turns(new Conversation(role, userText, toolResult), tokens, beginning);
    }

    private string Role(JsonElement message, int index)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            throw Wrong($"messages.{index}", "dict_type", "Input should be a valid dictionary", message);
        }

        // Any string is a role: engines leave it to the chat template.
        return message.TryGetProperty("role", out var role) && role.ValueKind == JsonValueKind.String
            ? RequestFields.Text(role)
            : throw Wrong($"messages.{index}.role", "missing", "Field required", message);
    }

    private RefusalException Wrong(string place, string type, string words, JsonElement input) =>
        new(complaints.WrongType(new TypeMistake(place, type, words, input)));

    private static (string Text, int Media) Content(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object || !message.TryGetProperty("content", out var content))
        {
            return ("", 0);
        }

        if (content.ValueKind == JsonValueKind.String)
        {
            return (RequestFields.Text(content), 0);
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
                text.Append(RequestFields.Text(part));
            }
            else if (
                part.ValueKind == JsonValueKind.Object
                && part.TryGetProperty("text", out var words)
                && words.ValueKind == JsonValueKind.String
            )
            {
                text.Append(RequestFields.Text(words));
            }
            else
            {
                media++;
            }
        }

        return (text.ToString(), media);
    }
}
