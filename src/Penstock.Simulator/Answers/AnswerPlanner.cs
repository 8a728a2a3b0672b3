namespace Penstock.Simulator.Answers;

/// <summary>Decides an answer whole, before its first byte: a function of the request alone.</summary>
internal static class AnswerPlanner
{
    public static Answer Plan(ChatRequest request, string id, long created, int answerTokens)
    {
        var choices = new Choice[request.N];
        for (var index = 0; index < request.N; index++)
        {
            choices[index] = PlanChoice(request, index, answerTokens);
        }

        return new Answer(request, id, created, choices);
    }

    private static Choice PlanChoice(ChatRequest request, int index, int answerTokens)
    {
        var seed = Dice.Mix(request.Hash + (ulong)index);
        var calls = ToolPlanner.Calls(request, seed);
        if (calls.Count > 0)
        {
            return ToolPlanner.Plan(request, index, seed, calls);
        }

        var tokens = new List<Token>(answerTokens + 1);
        var wanted = request.IgnoreEos ? request.MaxTokens : Math.Max(answerTokens, request.MinTokens);
        if (StructuredText.Write(request.Format, seed) is { } text)
        {
            tokens.AddRange(Tokenizer.Split(text));
            tokens.Add(Token.End);
        }
        else
        {
            Write(request, tokens, Math.Min(wanted, request.MaxTokens + 1), new Dice(seed));
        }

        var isCut = tokens.Count > request.MaxTokens || (request.IgnoreEos && tokens[^1] != Token.End);
        if (tokens.Count > request.MaxTokens)
        {
            tokens.RemoveRange(request.MaxTokens, tokens.Count - request.MaxTokens);
        }

        return request.Stop.Count > 0
            ? StopScanner.Plan(request, index, seed, tokens, isCut)
            : Plain(index, seed, tokens, isCut);
    }

    /// <summary>
    /// Prose, ended by the end token unless that is to be ignored; a tool's result is taken up first.
    /// </summary>
    private static void Write(ChatRequest request, List<Token> tokens, int count, Dice dice)
    {
        if (request.Conversation.LastToolResult is { } result)
        {
            tokens.AddRange(Tokenizer.Split($"The tool answered: {result}\n\n"));
        }

        var ending = request.IgnoreEos ? 0 : 1;
        Prose.Write(tokens, Math.Max(count - tokens.Count - ending, 0), dice);
        if (!request.IgnoreEos)
        {
            tokens.Add(Token.End);
        }
    }

    private static Choice Plain(int index, ulong seed, List<Token> tokens, bool isCut)
    {
        var steps = new List<Step>(tokens.Count);
        foreach (var token in tokens)
        {
            steps.Add(new Step(token, token.Delta));
        }

        return new Choice(index, steps)
        {
            IsPlain = true,
            FinishReason = isCut ? "length" : "stop",
            Seed = seed,
        };
    }
}
