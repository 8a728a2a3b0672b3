using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Tgi;

/// <summary>TGI's whole answer.</summary>
internal static class TgiAnswer
{
    public const string Version = "3.3.6";
    public const string Fingerprint = $",\"system_fingerprint\":\"{Version}-native\"";

    public static void Write(ByteBuffer output, Answer answer, bool withUsage)
    {
        output.Add(AnswerOpening.Of(answer, AnswerOpening.Whole, answer.Request.Model, Fingerprint));
        foreach (var choice in answer.Choices)
        {
            output.Add("{\"index\":"u8).Add(choice.Index).Add(",\"message\":{\"role\":\"assistant\","u8);
            if (choice.ToolCalls.Count > 0)
            {
                output.Add("\"tool_calls\":"u8).AddToolCalls(choice.ToolCalls, withIndex: false);
            }
            else
            {
                output.Add("\"content\":"u8).AddContent(choice);
            }

            output.Add("},\"logprobs\":"u8).AddLogProbs(answer.Request, choice);
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
