using Penstock.Simulator.Http;

namespace Penstock.Simulator.Answers;

/// <summary>How an engine words a tool call: its id, its end, and the deltas of a stream.</summary>
internal sealed class ToolWording
{
    /// <summary>What a call's id begins with.</summary>
    public string IdPrefix { get; init; } = "call_";

    /// <summary>The finish reason of an answer to a named tool choice.</summary>
    public string NamedFinish { get; init; } = "tool_calls";

    /// <summary>Whether a call comes whole, in one delta.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Whether a call carries its index in a whole answer too.</summary>
    public bool HasIndexWhole { get; init; }

    /// <summary>Whether the first delta of a call tells its id.</summary>
    public bool HasId { get; init; } = true;

    public string Id(ulong seed) => $"{IdPrefix}{Dice.Mix(seed):x16}";

    /// <summary>The first delta of a call, or all of it where it comes whole.</summary>
    public byte[] Opening(int index, ToolCall call)
    {
        var output = new ByteBuffer(128).Add("{\"tool_calls\":[{"u8);
        if (HasId)
        {
            output.Add("\"id\":"u8).AddQuoted(call.Id).Add((byte)',');
        }

        return output
            .Add("\"type\":\"function\",\"index\":"u8)
            .Add(index)
            .Add(",\"function\":{\"name\":"u8)
            .AddQuoted(call.Name)
            .Add(",\"arguments\":"u8)
            .AddQuoted(IsWhole ? call.Arguments : "")
            .Add("}}]}"u8)
            .ToArray();
    }

    /// <summary>A later delta of a call.</summary>
    public byte[] Argument(int index, string part) =>
        new ByteBuffer(64)
            .Add("{\"tool_calls\":[{\"index\":"u8)
            .Add(index)
            .Add(",\"function\":{\"arguments\":"u8)
            .AddQuoted(part)
            .Add("}}]}"u8)
            .ToArray();
}
