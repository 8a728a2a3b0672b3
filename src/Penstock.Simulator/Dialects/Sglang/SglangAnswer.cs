using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Sglang;

/// <summary>SGLang's whole answer, and what its stream shares with it.</summary>
internal static class SglangAnswer
{
    public static void Write(ByteBuffer output, Answer answer, bool tellsCached, bool withUsage)
    {
        output.Add(AnswerOpening.Of(answer, AnswerOpening.Whole, answer.Request.Model));
        foreach (var choice in answer.Choices)
        {
            output.Add(choice.Index == 0 ? "{\"index\":"u8 : ",{\"index\":"u8).Add(choice.Index);
            output.Add(",\"message\":{\"role\":\"assistant\",\"content\":"u8).AddContent(choice);
            output.Add(",\"reasoning_content\":"u8).AddQuoted(choice.Reasoning).Add(",\"tool_calls\":"u8);
            if (choice.ToolCalls.Count > 0)
            {
                // With the index that only a stream needs.
                output.AddToolCalls(choice.ToolCalls, withIndex: true);
            }
            else
            {
                output.Add("null"u8);
            }

            output.Add("},\"logprobs\":"u8).AddLogProbs(answer.Request, choice);
            output.Add(",\"finish_reason\":"u8).AddQuoted(choice.FinishReason);
            AddMatchedStop(output, choice);
            output.Add((byte)'}');
        }

        output.Add((byte)']');
        if (withUsage)
        {
            output.Add(",\"usage\":"u8);
            AddUsage(output, answer, answer.CompletionTokens, tellsCached);
        }

        output.Add(",\"metadata\":{\"weight_version\":\"default\"}}"u8);
    }

    /// <summary>The stop string, or the number of the end token; null for an answer that was cut.</summary>
    public static void AddMatchedStop(ByteBuffer output, Choice choice)
    {
        output.Add(",\"matched_stop\":"u8);
        if (choice.StopReason is not null || choice.FinishReason is "length")
        {
            output.AddQuoted(choice.StopReason);
        }
        else
        {
            output.Add(Token.End.Id);
        }
    }

    public static void AddUsage(ByteBuffer output, Answer answer, int completionTokens, bool tellsCached)
    {
        output.AddCounts(answer, completionTokens).Add(",\"prompt_tokens_details\":"u8);
        if (tellsCached)
        {
            output.Add("{\"cached_tokens\":"u8).Add(answer.CachedTokens).Add((byte)'}');
        }
        else
        {
            output.Add("null"u8);
        }

        // At the top level of usage, where nobody else has it.
        output.Add(",\"reasoning_tokens\":"u8).Add(answer.ReasoningTokens).Add((byte)'}');
    }
}
