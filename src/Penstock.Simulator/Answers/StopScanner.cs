using System.Text;

namespace Penstock.Simulator.Answers;

/// <summary>
/// Ends a text before the first stop string, and holds back, token by token, as many characters as the longest stop
/// string could still swallow: what a client saw is never taken back.
/// </summary>
internal static class StopScanner
{
    public static Choice Plan(ChatRequest request, int index, ulong seed, List<Token> tokens, bool isCut)
    {
        var held = request.IncludeStop ? 0 : request.Stop.Max(s => s.Length) - 1;
        var text = new StringBuilder(tokens.Count * 6);
        var steps = new List<Step>(tokens.Count);
        var sent = 0;
        for (var i = 0; i < tokens.Count; i++)
        {
            var before = text.Length;
            text.Append(tokens[i].Text);
            // The end token is no text: nothing is looked for in it.
            var (stop, at) = tokens[i] == Token.End ? (null, 0) : First(request.Stop, text, before);
            // Tokens below the minimum never end an answer.
            if (stop is not null && i + 1 >= request.MinTokens)
            {
                text.Length = request.IncludeStop ? at + stop.Length : at;
                steps.Add(new Step(tokens[i], Delta(text, sent, text.Length)));
                return new Choice(index, steps)
                {
                    Content = text.ToString(),
                    FinishReason = "stop",
                    StopReason = stop,
                    Seed = seed,
                };
            }

            var ready = i == tokens.Count - 1 ? text.Length : Ready(text, held);
            steps.Add(new Step(tokens[i], Delta(text, sent, Math.Max(ready, sent))));
            sent = Math.Max(ready, sent);
        }

        return new Choice(index, steps)
        {
            Content = text.ToString(),
            FinishReason = isCut ? "length" : "stop",
            Seed = seed,
        };
    }

    /// <summary>The stop string that the newest characters complete first.</summary>
    private static (string? Stop, int At) First(IReadOnlyList<string> stops, StringBuilder text, int before)
    {
        (string? Stop, int At) first = (null, int.MaxValue);
        foreach (var stop in stops)
        {
            var from = Math.Max(before - stop.Length + 1, 0);
            var at = text.ToString(from, text.Length - from).IndexOf(stop, StringComparison.Ordinal);
            if (at >= 0 && from + at < first.At)
            {
                first = (stop, from + at);
            }
        }

        return first;
    }

    private static int Ready(StringBuilder text, int held)
    {
        var ready = Math.Max(text.Length - held, 0);
        // Never between the halves of a surrogate pair.
        return ready > 0 && char.IsHighSurrogate(text[ready - 1]) ? ready - 1 : ready;
    }

    private static byte[] Delta(StringBuilder text, int from, int to) =>
        [.. "{\"content\":\""u8, .. JsonText.Escape(to > from ? text.ToString(from, to - from) : ""), .. "\"}"u8];
}
