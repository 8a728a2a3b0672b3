using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Openai;

/// <summary>The whole answer as the specification has it.</summary>
internal static class OpenaiAnswer
{
    public const string Fingerprint = "fp_51d0cafe";

    public static void Write(ByteBuffer output, Answer answer, bool withUsage)
    {
        output.Add(AnswerOpening.Of(answer, AnswerOpening.Whole, answer.Request.Model));
        foreach (var choice in answer.Choices)
        {
            output.Add(choice.Index == 0 ? "{\"index\":"u8 : ",{\"index\":"u8).Add(choice.Index);
            output.Add(",\"message\":{\"role\":\"assistant\",\"content\":"u8);
            if (choice.ToolCalls.Count > 0)
            {
                output.Add("null,\"tool_calls\":"u8).AddToolCalls(choice.ToolCalls, withIndex: false);
            }
            else
            {
                output.AddContent(choice);
            }

            output.Add(",\"refusal\":null,\"annotations\":[]},\"logprobs\":"u8).AddLogProbs(answer.Request, choice);
            output.Add(",\"finish_reason\":"u8).AddQuoted(choice.FinishReason).Add((byte)'}');
        }

        output.Add((byte)']');
        if (withUsage)
        {
            output.Add(",\"usage\":"u8);
            AddUsage(output, answer);
        }

        output.Add(",\"service_tier\":\"default\",\"system_fingerprint\":\""u8).Add(Fingerprint).Add("\"}"u8);
    }

    public static void AddUsage(ByteBuffer output, Answer answer) =>
        output
            .AddSum(answer)
            .Add(",\"prompt_tokens_details\":{\"cached_tokens\":"u8)
            .Add(answer.CachedTokens)
            .Add(",\"audio_tokens\":0},\"completion_tokens_details\":{\"reasoning_tokens\":"u8)
            .Add(answer.ReasoningTokens)
            .Add(",\"audio_tokens\":0,\"accepted_prediction_tokens\":0,\"rejected_prediction_tokens\":0}}"u8);
}
