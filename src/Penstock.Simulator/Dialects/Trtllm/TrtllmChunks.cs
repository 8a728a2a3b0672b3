using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Trtllm;

/// <summary>
/// trtllm-serve's events: no nulls, the finish reason on the last token, and a blank before the first event's end. A
/// failed generation is not told at all.
/// </summary>
internal sealed class TrtllmChunks(Answer answer)
    : ChoiceChunks(answer, AnswerOpening.Of(answer, AnswerOpening.Chunk, answer.Request.Model))
{
    protected override bool FinishRides => true;

    protected override ReadOnlySpan<byte> RoleDelta => "{\"role\":\"assistant\",\"content\":\"\"}"u8;

    public override bool Role(ByteBuffer output, int choice)
    {
        base.Role(output, choice);
        if (choice == 0)
        {
            output.Add((byte)' ');
        }

        return true;
    }

    public override bool Error(ByteBuffer output, string message) => false;

    protected override void AddChoice(
        ByteBuffer output,
        int index,
        ReadOnlySpan<byte> delta,
        Choice choice,
        int position,
        string? finish
    )
    {
        output.Add("{\"index\":"u8).Add(index).Add(",\"delta\":"u8).Add(delta);
        if (Answer.Request.LogProbs && position >= 0)
        {
            output.Add(",\"logprobs\":"u8);
            AddTokenLogProbs(output, choice, position);
        }

        if (finish is not null)
        {
            output.Add(",\"finish_reason\":"u8).AddQuoted(finish);
            if (choice.StopReason is { } stop)
            {
                output.Add(",\"stop_reason\":"u8).AddQuoted(stop);
            }
        }

        output.Add("}]"u8);
    }

    protected override void AddClosing(ByteBuffer output, int completionTokens)
    {
        if (Answer.Request.ContinuousUsage)
        {
            output.Add(",\"usage\":"u8);
            TrtllmAnswer.AddUsage(output, Answer, completionTokens);
        }

        output.Add((byte)'}');
    }

    protected override void AddUsageClosing(ByteBuffer output)
    {
        output.Add("],\"usage\":"u8);
        TrtllmAnswer.AddUsage(output, Answer, Answer.CompletionTokens);
        output.Add((byte)'}');
    }
}
