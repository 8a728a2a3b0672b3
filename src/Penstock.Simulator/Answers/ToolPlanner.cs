using Penstock.Simulator.Answers.Schema;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Answers;

/// <summary>Decides which tools are called, and cuts the calls into the deltas a stream carries.</summary>
internal static class ToolPlanner
{
    // As many at once as models make in one turn.
    private const int MostCalls = 4;

    private static readonly Token CallMark = Token.Of("<tool_call>");

    /// <summary>
    /// A tool is called when the choice demands one, or when it is left to the model and the user spoke last: every
    /// tool whose name the user's text mentions, else the first. None after a tool's answer.
    /// </summary>
    public static IReadOnlyList<ToolCall> Calls(ChatRequest request, ulong seed)
    {
        var called = request.ToolChoice switch
        {
            ToolChoice.Named =>
            [
                .. request.Tools.Where(t => t.Name.Equals(request.NamedTool, StringComparison.Ordinal)).Take(1),
            ],
            ToolChoice.Required => Mentioned(request),
            ToolChoice.Auto when request.Conversation is { LastToolResult: null, LastRole: "user" } => Mentioned(
                request
            ),
            _ => [],
        };
        return [.. called.Select((tool, i) => Call(tool, Dice.Mix(seed + (ulong)i + 1)))];
    }

    public static Choice Plan(ChatRequest request, int index, ulong seed, IReadOnlyList<ToolCall> calls)
    {
        var steps = new List<Step>();
        for (var i = 0; i < calls.Count; i++)
        {
            steps.Add(new Step(CallMark, null));
            steps.Add(new Step(Token.Of(calls[i].Name), Opening(i, calls[i])));
            steps.AddRange(Tokenizer.Split(calls[i].Arguments).Select(t => new Step(t, Argument(i, t.Text))));
        }

        steps.Add(new Step(Token.End, "{}"u8.ToArray()));
        var isCut = steps.Count > request.MaxTokens;
        if (isCut)
        {
            steps.RemoveRange(request.MaxTokens, steps.Count - request.MaxTokens);
            calls = Cut(calls, steps);
        }

        return new Choice(index, steps)
        {
            Content = request.ToolChoice == ToolChoice.Auto ? null : "",
            ToolCalls = calls,
            // A named choice ends with stop, as vLLM has it; other engines' dialects may say otherwise.
            FinishReason =
                isCut ? "length"
                : request.ToolChoice == ToolChoice.Named ? "stop"
                : "tool_calls",
            Seed = seed,
        };
    }

    private static List<Tool> Mentioned(ChatRequest request)
    {
        var text = request.Conversation.LastUserText;
        var mentioned = request.Tools.Where(t => text.Contains(t.Name, StringComparison.OrdinalIgnoreCase)).ToList();
        var called = mentioned.Count > 0 ? mentioned : [.. request.Tools.Take(1)];
        return [.. called.Take(request.ParallelToolCalls ? MostCalls : 1)];
    }

    private static ToolCall Call(Tool tool, ulong seed)
    {
        var arguments = tool.Parameters is { } schema ? PythonJson.Write(SchemaInstance.Write(schema, seed)) : "{}";
        return new ToolCall($"chatcmpl-tool-{Dice.Mix(seed):x16}", tool.Name, arguments);
    }

    private static byte[] Opening(int index, ToolCall call) =>
        new ByteBuffer(128)
            .Add("{\"tool_calls\":[{\"id\":"u8)
            .AddQuoted(call.Id)
            .Add(",\"type\":\"function\",\"index\":"u8)
            .Add(index)
            .Add(",\"function\":{\"name\":"u8)
            .AddQuoted(call.Name)
            .Add(",\"arguments\":\"\"}}]}"u8)
            .ToArray();

    private static byte[] Argument(int index, string part) =>
        new ByteBuffer(64)
            .Add("{\"tool_calls\":[{\"index\":"u8)
            .Add(index)
            .Add(",\"function\":{\"arguments\":"u8)
            .AddQuoted(part)
            .Add("}}]}"u8)
            .ToArray();

    /// <summary>What of the calls the remaining steps spell.</summary>
    private static List<ToolCall> Cut(IReadOnlyList<ToolCall> calls, List<Step> steps)
    {
        var cut = new List<ToolCall>();
        var at = 0;
        foreach (var call in calls)
        {
            // The mark and the name come first.
            if (steps.Count < at + 2)
            {
                break;
            }

            var length = Tokenizer.Count(call.Arguments);
            var present = steps.Skip(at + 2).Take(length).Select(s => s.Token.Text);
            cut.Add(call with { Arguments = string.Concat(present) });
            at += 2 + length;
        }

        return cut;
    }
}
