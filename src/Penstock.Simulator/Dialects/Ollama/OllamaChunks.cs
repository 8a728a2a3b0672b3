using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Ollama;

/// <summary>
/// Ollama's events: the role inside the first content, a finish event of its own. A failure shows as one more event
/// without content; its text is lost.
/// </summary>
internal sealed class OllamaChunks(Answer answer)
    : ChoiceChunks(
        answer,
        AnswerOpening.Of(answer, AnswerOpening.Chunk, answer.Request.Model, OllamaAnswer.Fingerprint)
    )
{
    private bool _hasRole;

    protected override ReadOnlySpan<byte> RoleDelta => [];

    protected override ReadOnlySpan<byte> FinishDelta => "{\"content\":\"\"}"u8;

    public override bool Error(ByteBuffer output, string message)
    {
        output.Add(Opening);
        AddChoice(output, 0, FinishDelta, Answer.Choices[0], -1, finish: null);
        AddClosing(output, 0);
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
        if (_hasRole)
        {
            output.Add(delta);
        }
        else
        {
            output.Add("{\"role\":\"assistant\","u8).Add(delta[1..]);
            _hasRole = true;
        }

        if (Answer.Request.LogProbs && position >= 0)
        {
            output.Add(",\"logprobs\":"u8);
            AddTokenLogProbs(output, choice, position);
        }

        output.Add(",\"finish_reason\":"u8).AddQuoted(finish).Add("}]"u8);
    }

    protected override void AddClosing(ByteBuffer output, int completionTokens) => output.Add((byte)'}');

    protected override void AddUsageClosing(ByteBuffer output) =>
        output.Add("],\"usage\":"u8).AddSum(Answer).Add("}}"u8);
}
