using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Trtllm;

/// <summary>trtllm-serve's whole answer: what the model thought stands under two names, cached tokens are always told.</summary>
internal static class TrtllmAnswer
{
    public static void Write(ByteBuffer output, Answer answer, bool withUsage)
    {
        output.Add(AnswerOpening.Of(answer, AnswerOpening.Whole, answer.Request.Model));
        foreach (var choice in answer.Choices)
        {
            output.Add(choice.Index == 0 ? "{\"index\":"u8 : ",{\"index\":"u8).Add(choice.Index);
            output.Add(",\"message\":{\"role\":\"assistant\",\"content\":"u8).AddContent(choice);
            output.Add(",\"reasoning_content\":"u8).AddQuoted(choice.Reasoning);
            output.Add(",\"reasoning\":"u8).AddQuoted(choice.Reasoning);
            output.Add(",\"tool_calls\":"u8).AddToolCalls(choice.ToolCalls, withIndex: false);
            output.Add("},\"logprobs\":"u8).AddLogProbs(answer.Request, choice);
            output.Add(",\"finish_reason\":"u8).AddQuoted(choice.FinishReason);
            output.Add(",\"stop_reason\":"u8).AddQuoted(choice.StopReason);
            output.Add(",\"disaggregated_params\":null,\"avg_decoded_tokens_per_iter\":1.0}"u8);
        }

        output.Add((byte)']');
        if (withUsage)
        {
            output.Add(",\"usage\":"u8);
            AddUsage(output, answer, answer.CompletionTokens);
        }

        output.Add((byte)'}');
    }

    public static void AddUsage(ByteBuffer output, Answer answer, int completionTokens) =>
        output
            .AddCounts(answer, completionTokens)
            .Add(",\"prompt_tokens_details\":{\"cached_tokens\":"u8)
            .Add(answer.CachedTokens)
            .Add("}}"u8);
}
