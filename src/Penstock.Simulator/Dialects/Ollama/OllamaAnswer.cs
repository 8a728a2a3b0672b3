using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Ollama;

/// <summary>Ollama's whole answer: nothing that is empty, and usage without details.</summary>
internal static class OllamaAnswer
{
    public const string Fingerprint = ",\"system_fingerprint\":\"fp_ollama\"";

    public static void Write(ByteBuffer output, Answer answer, bool withUsage)
    {
        output.Add(AnswerOpening.Of(answer, AnswerOpening.Whole, answer.Request.Model, Fingerprint));
        foreach (var choice in answer.Choices)
        {
            output.Add("{\"index\":"u8).Add(choice.Index).Add(",\"message\":{\"role\":\"assistant\",\"content\":"u8);
            if (choice.ToolCalls.Count > 0)
            {
                output.Add("\"\",\"tool_calls\":"u8).AddToolCalls(choice.ToolCalls, withIndex: true);
            }
            else
            {
                output.AddContent(choice);
            }

            if (choice.Reasoning is not null)
            {
                output.Add(",\"reasoning\":"u8).AddQuoted(choice.Reasoning);
            }

            output.Add((byte)'}');
            if (answer.Request.LogProbs)
            {
                output.Add(",\"logprobs\":"u8).AddLogProbs(answer.Request, choice);
            }

            output.Add(",\"finish_reason\":"u8).AddQuoted(choice.FinishReason).Add((byte)'}');
        }

        output.Add((byte)']');
        if (withUsage)
        {
            output.Add(",\"usage\":"u8).AddSum(answer).Add((byte)'}');
        }

        output.Add((byte)'}');
    }
}
