using System.Text;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Answers;

/// <summary>What a model thinks before it answers, under the keys in which its engine shows it.</summary>
internal static class Thoughts
{
    public static Choice Before(Choice choice, ChatRequest request, int count)
    {
        var tokens = new List<Token>(count);
        Prose.Write(tokens, count, new Dice(Dice.Mix(choice.Seed + 1)));
        var steps = new List<Step>(count + choice.Steps.Count);
        steps.AddRange(tokens.Select(t => new Step(t, Delta(request.ReasoningKeys, t))));
        steps.AddRange(choice.Steps);
        return choice with
        {
            Steps = steps,
            IsPlain = false,
            Content = choice.IsPlain ? Text(choice.Steps.Select(s => s.Token)) : choice.Content,
            Reasoning = request.ReasoningKeys.Count > 0 ? Text(tokens) : null,
            ReasoningTokens = count,
        };
    }

    private static string Text(IEnumerable<Token> tokens) =>
        tokens.Aggregate(new StringBuilder(), (text, token) => text.Append(token.Text)).ToString();

    private static byte[]? Delta(IReadOnlyList<string> keys, Token token)
    {
        if (keys.Count == 0)
        {
            return null;
        }

        var delta = new ByteBuffer(64);
        for (var i = 0; i < keys.Count; i++)
        {
            delta.Add(i == 0 ? "{\""u8 : ",\""u8).Add(keys[i]).Add("\":\""u8).Add(token.JsonText).Add((byte)'"');
        }

        return delta.Add((byte)'}').ToArray();
    }
}
