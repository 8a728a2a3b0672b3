using System.Text;
using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Llamacpp;

/// <summary>llama-server's events: the choice before everything else, timings on the last of them.</summary>
internal sealed class LlamacppChunks(Answer answer, LlamacppAnswer whole)
    : ChoiceChunks(answer, Encoding.UTF8.GetBytes("{\"choices\":["))
{
    private readonly byte[] _closing = new ByteBuffer(192)
        .Add("],\"created\":"u8)
        .Add(answer.Created)
        .Add(",\"id\":"u8)
        .AddQuoted(answer.Id)
        .Add(",\"model\":"u8)
        .AddQuoted(answer.Request.Model)
        .Add(",\"system_fingerprint\":"u8)
        .AddQuoted(whole.Fingerprint)
        .Add(",\"object\":\"chat.completion.chunk\""u8)
        .ToArray();

    private bool _isFinish;

    protected override ReadOnlySpan<byte> RoleDelta => "{\"role\":\"assistant\",\"content\":null}"u8;

    public override bool Error(ByteBuffer output, string message)
    {
        output.Add(LlamacppErrors.Body(500, message));
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
        _isFinish = finish is not null;
        output.Add("{\"finish_reason\":"u8).AddQuoted(finish);
        output.Add(",\"index\":"u8).Add(index).Add(",\"delta\":"u8).Add(delta);
        if (Answer.Request.LogProbs && position >= 0)
        {
            output.Add(",\"logprobs\":"u8);
            AddTokenLogProbs(output, choice, position);
        }

        output.Add((byte)'}');
    }

    protected override void AddClosing(ByteBuffer output, int completionTokens)
    {
        output.Add(_closing);
        if (_isFinish && !Answer.Request.IncludeUsage)
        {
            whole.AddTimings(output, Answer);
        }

        output.Add((byte)'}');
    }

    protected override void AddUsageClosing(ByteBuffer output)
    {
        output.Add(_closing);
        LlamacppAnswer.AddUsage(output, Answer);
        whole.AddTimings(output, Answer);
        output.Add((byte)'}');
    }
}
