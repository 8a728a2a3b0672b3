using Penstock.Simulator.Answers.Schema;

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
        return [.. called.Select((tool, i) => Call(tool, Dice.Mix(seed + (ulong)i + 1), request.ToolWording))];
    }

    public static Choice Plan(ChatRequest request, int index, ulong seed, IReadOnlyList<ToolCall> calls)
    {
        var steps = new List<Step>();
        for (var i = 0; i < calls.Count; i++)
        {
            steps.Add(new Step(CallMark, null));
            Spell(steps, i, calls[i], request.ToolWording);
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
            FinishReason =
                isCut ? "length"
                : request.ToolChoice == ToolChoice.Named ? request.ToolWording.NamedFinish
                : "tool_calls",
            Seed = seed,
        };
    }

    private static void Spell(List<Step> steps, int index, ToolCall call, ToolWording wording)
    {
        var name = Token.Of(call.Name);
        var arguments = Tokenizer.Split(call.Arguments);
        if (!wording.IsWhole)
        {
            steps.Add(new Step(name, wording.Opening(index, call)));
            steps.AddRange(arguments.Select(t => new Step(t, wording.Argument(index, t.Text))));
            return;
        }

        // Shown when its last token is there.
        steps.Add(new Step(name, null));
        steps.AddRange(arguments.SkipLast(1).Select(t => new Step(t, null)));
        steps.Add(new Step(arguments[^1], wording.Opening(index, call)));
    }

    private static List<Tool> Mentioned(ChatRequest request)
    {
        var text = request.Conversation.LastUserText;
        var mentioned = request.Tools.Where(t => text.Contains(t.Name, StringComparison.OrdinalIgnoreCase)).ToList();
        var called = mentioned.Count > 0 ? mentioned : [.. request.Tools.Take(1)];
        return [.. called.Take(request.ParallelToolCalls ? MostCalls : 1)];
    }

    private static ToolCall Call(Tool tool, ulong seed, ToolWording wording)
    {
        var arguments = tool.Parameters is { } schema ? PythonJson.Write(SchemaInstance.Write(schema, seed)) : "{}";
        return new ToolCall(wording.Id(seed), tool.Name, arguments);
    }

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
