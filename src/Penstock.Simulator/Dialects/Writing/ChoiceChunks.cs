using Penstock.Simulator.Answers;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Writing;

/// <summary>
/// The events of a stream as most engines lay them out: an opening that never changes, one choice, a closing. A
/// dialect says what its choice and closing hold.
/// </summary>
internal abstract class ChoiceChunks(Answer answer, byte[] opening) : ChunkWriter
{
    private static readonly byte[] EmptyContent = "{\"content\":\"\"}"u8.ToArray();
    private static readonly byte[] Nothing = "{}"u8.ToArray();

    protected Answer Answer { get; } = answer;

    protected byte[] Opening { get; } = opening;

    /// <summary>Whether the finish reason comes with the last token and not in an event of its own.</summary>
    protected virtual bool FinishRides => false;

    /// <summary>Empty where the role comes with the first content.</summary>
    protected abstract ReadOnlySpan<byte> RoleDelta { get; }

    protected virtual ReadOnlySpan<byte> FinishDelta => Nothing;

    public override bool Role(ByteBuffer output, int choice)
    {
        if (RoleDelta.IsEmpty)
        {
            return false;
        }

        output.Add(Opening);
        AddChoice(output, choice, RoleDelta, Answer.Choices[choice], -1, finish: null);
        AddClosing(output, 0);
        return true;
    }

    public override bool Token(ByteBuffer output, Choice choice, int position, bool withFinish)
    {
        var delta = choice.Steps[position].Delta;
        var isLast = position == choice.Steps.Count - 1;
        var finish = FinishRides && withFinish && isLast ? choice.FinishReason : null;
        if (finish is null && (delta is null || delta.AsSpan().SequenceEqual(Nothing) || IsSilent(choice, position)))
        {
            return false;
        }

        output.Add(Opening);
        AddChoice(output, choice.Index, delta ?? Nothing, choice, position, finish);
        AddClosing(output, position + 1);
        return true;
    }

    public override bool Finish(ByteBuffer output, Choice choice)
    {
        if (FinishRides)
        {
            return false;
        }

        output.Add(Opening);
        AddChoice(output, choice.Index, FinishDelta, choice, -1, choice.FinishReason);
        AddClosing(output, choice.Steps.Count);
        return true;
    }

    public override void Usage(ByteBuffer output)
    {
        output.Add(Opening);
        AddUsageClosing(output);
    }

    /// <param name="output">Where to.</param>
    /// <param name="index">The choice's place.</param>
    /// <param name="delta">What is new, as a JSON object.</param>
    /// <param name="choice">The whole choice.</param>
    /// <param name="position">The token's place; negative where the event carries none.</param>
    /// <param name="finish">Why the choice ended, on its last event.</param>
    protected abstract void AddChoice(
        ByteBuffer output,
        int index,
        ReadOnlySpan<byte> delta,
        Choice choice,
        int position,
        string? finish
    );

    /// <summary>From the end of the choice to the end of the event.</summary>
    protected abstract void AddClosing(ByteBuffer output, int completionTokens);

    /// <summary>The same for the event that has no choice but the usage.</summary>
    protected abstract void AddUsageClosing(ByteBuffer output);

    /// <summary>The log-probability of the event's token, or null.</summary>
    protected void AddTokenLogProbs(ByteBuffer output, Choice choice, int position)
    {
        if (position < 0)
        {
            output.Add("null"u8);
        }
        else
        {
            output.AddLogProbs(Answer.Request, choice, position, 1);
        }
    }

    /// <summary>A token without text is told of only for its log-probability.</summary>
    private bool IsSilent(Choice choice, int position) =>
        !Answer.Request.LogProbs && choice.Steps[position].Delta.AsSpan().SequenceEqual(EmptyContent);
}
