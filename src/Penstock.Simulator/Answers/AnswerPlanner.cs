using System.Text;

namespace Penstock.Simulator.Answers;

/// <summary>Decides an answer whole, before its first byte: a function of the request alone.</summary>
internal static class AnswerPlanner
{
    public static Answer Plan(ChatRequest request, string id, long created, int answerTokens)
    {
        request = CountBeginning(request, answerTokens);
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
        if (request.ReasoningTokens > 0)
        {
            var thought = Math.Min(request.ReasoningTokens, request.MaxTokens);
            var rest = request with { ReasoningTokens = 0, MaxTokens = request.MaxTokens - thought };
            return Thoughts.Before(PlanChoice(rest, index, answerTokens), request, thought);
        }

        if (request.Beginning is { } beginning)
        {
            return Continue(request, index, seed, beginning, answerTokens);
        }

        var calls = ToolPlanner.Calls(request, seed);
        return calls.Count > 0
            ? ToolPlanner.Plan(request, index, seed, calls)
            : Finish(request, index, seed, Say(request, seed, request.MaxTokens, answerTokens));
    }

    /// <summary>What the model has said itself has the tokens that it said, however its text would be cut anew.</summary>
    private static ChatRequest CountBeginning(ChatRequest request, int answerTokens)
    {
        if (request.Beginning is not { } beginning)
        {
            return request;
        }

        var said = Said(request, Dice.Mix(request.Hash), beginning, answerTokens);
        var counted = Tokenizer.Count(beginning);
        return request with { PromptTokens = request.PromptTokens + (said ?? counted) - counted };
    }

    /// <returns>As <see cref="Beginning.Length"/>.</returns>
    private static int? Said(ChatRequest request, ulong seed, string beginning, int answerTokens)
    {
        // A token has one character at least: so many tokens hold the beginning for certain.
        var most = beginning.Length + 1;
        return Beginning.Length(Say(request, seed, most, Math.Max(answerTokens, most)), beginning);
    }

    /// <summary>The rest of the answer that was begun; another text goes on with words of its own.</summary>
    private static Choice Continue(ChatRequest request, int index, ulong seed, string beginning, int answerTokens)
    {
        if (Said(request, seed, beginning, answerTokens) is not { } said)
        {
            var other = Dice.Hash(seed, Encoding.UTF8.GetBytes(beginning));
            return Finish(request, index, other, Say(request, other, request.MaxTokens, answerTokens));
        }

        var again = request with { MinTokens = request.MinTokens == 0 ? 0 : request.MinTokens + said };
        var tokens = Say(again, seed, request.MaxTokens + said, answerTokens);
        Beginning.Drop(tokens, beginning);
        return Finish(request, index, seed, tokens);
    }

    /// <summary>
    /// An answer's tokens, as many as the model would like to say and one more than it may at most.
    /// </summary>
    private static List<Token> Say(ChatRequest request, ulong seed, int maxTokens, int answerTokens)
    {
        var tokens = new List<Token>(answerTokens + 1);
        var wanted = request.IgnoreEos ? maxTokens : Math.Max(answerTokens, request.MinTokens);
        if (StructuredText.Write(request.Format, seed) is { } text)
        {
            tokens.AddRange(Tokenizer.Split(text));
            tokens.Add(Token.End);
        }
        else
        {
            Write(request, tokens, Math.Min(wanted, maxTokens + 1), new Dice(seed));
        }

        return tokens;
    }

    private static Choice Finish(ChatRequest request, int index, ulong seed, List<Token> tokens)
    {
        var isCut =
            tokens.Count > request.MaxTokens || (request.IgnoreEos && (tokens.Count == 0 || tokens[^1] != Token.End));
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
