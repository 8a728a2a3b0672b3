using Penstock.Simulator.Answers;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Writing;

/// <summary>What a whole answer says, as JSON values.</summary>
internal static class ContentJson
{
    /// <summary>The text, or null where the choice has none.</summary>
    public static ByteBuffer AddContent(this ByteBuffer output, Choice choice)
    {
        if (!choice.IsPlain)
        {
            return output.AddQuoted(choice.Content);
        }

        output.Add((byte)'"');
        foreach (var step in choice.Steps)
        {
            output.Add(step.Token.JsonText);
        }

        return output.Add((byte)'"');
    }

    /// <param name="output">Where to.</param>
    /// <param name="calls">The calls.</param>
    /// <param name="withIndex">Whether each carries its place, as in a stream.</param>
    public static ByteBuffer AddToolCalls(this ByteBuffer output, IReadOnlyList<ToolCall> calls, bool withIndex)
    {
        output.Add((byte)'[');
        for (var i = 0; i < calls.Count; i++)
        {
            output.Add(i == 0 ? "{\"id\":"u8 : ",{\"id\":"u8).AddQuoted(calls[i].Id);
            if (withIndex)
            {
                output.Add(",\"index\":"u8).Add(i);
            }

            output.Add(",\"type\":\"function\",\"function\":{\"name\":"u8).AddQuoted(calls[i].Name);
            output.Add(",\"arguments\":"u8).AddQuoted(calls[i].Arguments).Add("}}"u8);
        }

        return output.Add((byte)']');
    }
}
