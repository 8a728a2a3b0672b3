using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Openai;

/// <summary>The events of the specification: a finish event of its own, <c>usage</c> null until the last.</summary>
internal sealed class OpenaiChunks(Answer answer)
    : ChoiceChunks(
        answer,
        AnswerOpening.Of(
            answer,
            AnswerOpening.Chunk,
            answer.Request.Model,
            $",\"service_tier\":\"default\",\"system_fingerprint\":\"{OpenaiAnswer.Fingerprint}\""
        )
    )
{
    protected override ReadOnlySpan<byte> RoleDelta => "{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}"u8;

    public override bool Error(ByteBuffer output, string message)
    {
        output.Add(ErrorJson.Wrapped("server_error", message, param: null, code: null));
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
        output.Add("{\"index\":"u8).Add(index).Add(",\"delta\":"u8).Add(delta).Add(",\"logprobs\":"u8);
        AddTokenLogProbs(output, choice, position);
        output.Add(",\"finish_reason\":"u8).AddQuoted(finish).Add("}]"u8);
    }

    protected override void AddClosing(ByteBuffer output, int completionTokens) =>
        output.Add(Answer.Request.IncludeUsage ? ",\"usage\":null}"u8 : "}"u8);

    protected override void AddUsageClosing(ByteBuffer output)
    {
        output.Add("],\"usage\":"u8);
        OpenaiAnswer.AddUsage(output, Answer);
        output.Add((byte)'}');
    }
}
