using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Tgi;

/// <summary>TGI's events: the role in every one, the finish reason on the last token.</summary>
internal sealed class TgiChunks(Answer answer)
    : ChoiceChunks(answer, AnswerOpening.Of(answer, AnswerOpening.Chunk, answer.Request.Model, TgiAnswer.Fingerprint))
{
    protected override bool FinishRides => true;

    protected override ReadOnlySpan<byte> RoleDelta => [];

    public override bool Error(ByteBuffer output, string message)
    {
        output.Add(TgiErrors.Event(message));
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
        output.Add("{\"index\":"u8).Add(index).Add(",\"delta\":{\"role\":\"assistant\""u8);
        output.Add(delta.Length > 2 ? ","u8 : ""u8).Add(delta[1..]).Add(",\"logprobs\":"u8);
        AddTokenLogProbs(output, choice, position);
        output.Add(",\"finish_reason\":"u8).AddQuoted(finish).Add("}]"u8);
    }

    protected override void AddClosing(ByteBuffer output, int completionTokens) => output.Add(",\"usage\":null}"u8);

    protected override void AddUsageClosing(ByteBuffer output) =>
        output.Add("],\"usage\":"u8).AddSum(Answer).Add("}}"u8);
}
