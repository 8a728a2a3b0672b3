using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Sglang;

/// <summary>SGLang's events: nulls in every delta of content, a finish event of its own, <c>matched_stop</c>.</summary>
internal sealed class SglangChunks(Answer answer, bool tellsCached)
    : ChoiceChunks(answer, AnswerOpening.Of(answer, AnswerOpening.Chunk, answer.Request.Model))
{
    protected override ReadOnlySpan<byte> RoleDelta =>
        "{\"role\":\"assistant\",\"content\":\"\",\"reasoning_content\":null,\"tool_calls\":null}"u8;

    protected override ReadOnlySpan<byte> FinishDelta =>
        "{\"role\":null,\"content\":null,\"reasoning_content\":null,\"tool_calls\":null}"u8;

    public override bool Error(ByteBuffer output, string message)
    {
        output
            .Add("{\"error\":"u8)
            .Add(ErrorJson.Flat("INTERNAL_SERVER_ERROR", message, param: null, "500"))
            .Add((byte)'}');
        return true;
    }

    protected override void AddChoice(
        ByteBuffer output,
        int index,
        ReadOnlySpan<byte> delta,
        Choice choice,
        int position,
        string? finish
    )
    {
        output.Add("{\"index\":"u8).Add(index).Add(",\"delta\":"u8);
        if (delta.StartsWith("{\"content\":"u8))
        {
            output.Add("{\"role\":null,"u8).Add(delta[1..^1]);
            output.Add(",\"reasoning_content\":null,\"tool_calls\":null}"u8);
        }
        else
        {
            output.Add(delta);
        }

        output.Add(",\"logprobs\":"u8);
        AddTokenLogProbs(output, choice, position);
        output.Add(",\"finish_reason\":"u8).AddQuoted(finish);
        if (finish is null)
        {
            output.Add(",\"matched_stop\":null}]"u8);
        }
        else
        {
            SglangAnswer.AddMatchedStop(output, choice);
            output.Add("}]"u8);
        }
    }

    protected override void AddClosing(ByteBuffer output, int completionTokens)
    {
        output.Add(",\"usage\":"u8);
        if (Answer.Request.ContinuousUsage)
        {
            SglangAnswer.AddUsage(output, Answer, completionTokens, tellsCached);
        }
        else
        {
            output.Add("null"u8);
        }

        output.Add((byte)'}');
    }

    protected override void AddUsageClosing(ByteBuffer output)
    {
        output.Add("],\"usage\":"u8);
        SglangAnswer.AddUsage(output, Answer, Answer.CompletionTokens, tellsCached);
        output.Add((byte)'}');
    }
}
