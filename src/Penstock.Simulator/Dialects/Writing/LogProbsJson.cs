using System.Text;
using Penstock.Simulator.Answers;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Writing;

/// <summary>The <c>logprobs</c> object over some of a choice's tokens.</summary>
internal static class LogProbsJson
{
    /// <summary>Those of the whole choice, or null where none were asked for.</summary>
    public static ByteBuffer AddLogProbs(this ByteBuffer output, ChatRequest request, Choice choice) =>
        output.AddLogProbs(request, choice, 0, choice.Steps.Count);

    public static ByteBuffer AddLogProbs(
        this ByteBuffer output,
        ChatRequest request,
        Choice choice,
        int from,
        int count
    )
    {
        if (!request.LogProbs)
        {
            return output.Add("null"u8);
        }

        Write(output, choice, from, count, request.TopLogProbs);
        return output;
    }

    private static void Write(ByteBuffer output, Choice choice, int from, int count, int top)
    {
        output.Add("{\"content\":["u8);
        for (var position = from; position < from + count; position++)
        {
            var chances = TokenChance.At(choice, position, Math.Max(top, 1));
            output.Add(position == from ? "{"u8 : ",{"u8);
            Entry(output, chances[0]);
            output.Add(",\"top_logprobs\":["u8);
            for (var i = 0; i < top; i++)
            {
                output.Add(i == 0 ? "{"u8 : ",{"u8);
                Entry(output, chances[i]);
                output.Add((byte)'}');
            }

            output.Add("]}"u8);
        }

        output.Add("]}"u8);
    }

    private static void Entry(ByteBuffer output, TokenChance chance)
    {
        output
            .Add("\"token\":"u8)
            .AddQuoted(chance.Token.Spelled)
            .Add(",\"logprob\":"u8)
            .Add(chance.LogProb)
            .Add(",\"bytes\":["u8);
        var isFirst = true;
        foreach (var b in Encoding.UTF8.GetBytes(chance.Token.Spelled))
        {
            output.Add(isFirst ? ""u8 : ","u8).Add((long)b);
            isFirst = false;
        }

        output.Add((byte)']');
    }
}
