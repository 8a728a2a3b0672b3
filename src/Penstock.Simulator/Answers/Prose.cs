namespace Penstock.Simulator.Answers;

/// <summary>Plain answers: sentences from a small grammar, pleasant to read and free of meaning.</summary>
internal static class Prose
{
    private static readonly List<Token> Opening = Tokenizer.Split(
        "This is a simulated answer: the stream, the limits and the numbers are real, the words are not."
    );

    /// <summary>Exactly this many tokens, the same for the same dice; more tokens go on where fewer stop.</summary>
    public static void Write(List<Token> tokens, int count, Dice dice)
    {
        var end = tokens.Count + count;
        // One answer in two begins by saying what it is; the other shows that openings differ.
        if (dice.OneIn(2))
        {
            tokens.AddRange(Opening);
        }

        var isFirst = tokens.Count == end - count;
        while (tokens.Count < end)
        {
            Sentence(tokens, ref dice, isFirst);
            isFirst = false;
        }

        tokens.RemoveRange(end, tokens.Count - end);
    }

    private static void Sentence(List<Token> tokens, ref Dice dice, bool isFirst)
    {
        if (!isFirst)
        {
            tokens.Add(dice.OneIn(5) ? Vocabulary.Paragraph : Vocabulary.Space);
        }

        tokens.Add(dice.Pick<Token>(Vocabulary.Openers));
        Clause(tokens, ref dice);
        if (dice.OneIn(3))
        {
            tokens.Add(Vocabulary.Comma);
            tokens.Add(dice.Pick<Token>(Vocabulary.Joints));
            tokens.Add(dice.Pick<Token>(Vocabulary.Articles));
            Clause(tokens, ref dice);
        }

        tokens.Add(dice.Pick<Token>(Vocabulary.Ends));
        if (dice.OneIn(6))
        {
            tokens.Add(dice.Pick<Token>(Vocabulary.Emoji));
        }
    }

    private static void Clause(List<Token> tokens, ref Dice dice)
    {
        if (!dice.OneIn(3))
        {
            tokens.Add(dice.Pick<Token>(Vocabulary.Adjectives));
        }

        tokens.Add(dice.Pick<Token>(Vocabulary.Nouns));
        tokens.Add(dice.Pick<Token>(Vocabulary.Verbs));
        if (dice.OneIn(4))
        {
            tokens.Add(dice.Pick<Token>(Vocabulary.Adverbs));
            return;
        }

        tokens.Add(dice.Pick<Token>(Vocabulary.Articles));
        tokens.Add(dice.Pick<Token>(Vocabulary.Nouns));
    }
}
