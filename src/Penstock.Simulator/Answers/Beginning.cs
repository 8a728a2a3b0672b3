namespace Penstock.Simulator.Answers;

/// <summary>The part of an answer that a client already has.</summary>
internal static class Beginning
{
    /// <returns>How many whole tokens it holds; null where the answer begins in another way.</returns>
    public static int? Length(List<Token> tokens, string beginning)
    {
        var rest = beginning.AsSpan();
        for (var count = 0; count < tokens.Count; count++)
        {
            if (rest.IsEmpty)
            {
                return count;
            }

            var token = tokens[count].Text;
            if (!rest.StartsWith(token, StringComparison.Ordinal))
            {
                return token.AsSpan().StartsWith(rest, StringComparison.Ordinal) ? count : null;
            }

            rest = rest[token.Length..];
        }

        return rest.IsEmpty ? tokens.Count : null;
    }

    /// <summary>Leaves what comes after; of a token that was cut in two, its second part.</summary>
    public static void Drop(List<Token> tokens, string beginning)
    {
        var at = 0;
        var count = 0;
        while (at < beginning.Length && count < tokens.Count && at + tokens[count].Text.Length <= beginning.Length)
        {
            at += tokens[count++].Text.Length;
        }

        tokens.RemoveRange(0, count);
        if (at < beginning.Length && tokens.Count > 0)
        {
            tokens[0] = Token.Of(tokens[0].Text[(beginning.Length - at)..]);
        }
    }
}
