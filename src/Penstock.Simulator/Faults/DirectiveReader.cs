namespace Penstock.Simulator.Faults;

/// <summary>Reads directives from a header or from <c>[[sim …]]</c> inside a message.</summary>
internal static class DirectiveReader
{
    private const string Open = "[[sim ";
    private const string Close = "]]";

    /// <summary>Words of the form <c>name</c> or <c>name=value</c>, between blanks, semicolons or commas.</summary>
    /// <exception cref="FormatException">A word is not in the table, or its value cannot be read.</exception>
    public static Directives Read(Directives directives, string text)
    {
        foreach (var (name, value) in Words(text))
        {
            directives = Applied(Found(name).Apply, directives, name, value);
        }

        return directives;
    }

    /// <summary>One rule of the server: directives, and selectors that say for which requests they are.</summary>
    /// <exception cref="FormatException">As <see cref="Read"/>.</exception>
    public static FaultRule ReadRule(string text, ulong seed)
    {
        var selector = FaultSelector.Everything;
        var words = new List<(Directive, string)>();
        foreach (var (name, value) in Words(text))
        {
            if (Array.Find(SelectorTable.All, s => s.Name.Equals(name, StringComparison.Ordinal)) is { } word)
            {
                selector = Applied(word.Apply, selector, name, value);
                continue;
            }

            // Once for its mistakes; what it does depends on the request.
            Applied(Found(name).Apply, Directives.None, name, value);
            words.Add((Found(name), value));
        }

        return new FaultRule(selector, words, seed);
    }

    /// <summary>Applies every directive the message holds; a message without any costs one search.</summary>
    /// <exception cref="FormatException">As <see cref="Read"/>.</exception>
    public static Directives ReadMessage(Directives directives, string message)
    {
        for (var at = 0; (at = message.IndexOf(Open, at, StringComparison.Ordinal)) >= 0; )
        {
            at += Open.Length;
            var end = message.IndexOf(Close, at, StringComparison.Ordinal);
            if (end < 0)
            {
                break;
            }

            directives = Read(directives, message[at..end]);
            at = end;
        }

        return directives;
    }

    private static IEnumerable<(string Name, string Value)> Words(string text)
    {
        foreach (var word in text.Split([' ', ';', ',', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            // fault=cut=3, fault=cut:3 and cut=3 say the same.
            var rest = word.StartsWith("fault=", StringComparison.Ordinal) ? word["fault=".Length..] : word;
            var end = rest.IndexOf('=', StringComparison.Ordinal) is var equals and >= 0
                ? equals
                : rest.IndexOf(':', StringComparison.Ordinal);
            yield return end < 0 ? (rest, "") : (rest[..end], rest[(end + 1)..]);
        }
    }

    private static Directive Found(string name) =>
        Array.Find(DirectiveTable.All, d => d.Name.Equals(name, StringComparison.Ordinal))
        ?? throw new FormatException(
            SelectorTable.All.Any(s => s.Name.Equals(name, StringComparison.Ordinal))
                ? $"'{name}' chooses among a server's requests and means nothing for one"
                : $"unknown simulator directive '{name}'"
        );

    private static T Applied<T>(Func<T, string, T> apply, T sum, string name, string value)
    {
        try
        {
            return apply(sum, value);
        }
        catch (FormatException e)
        {
            throw new FormatException($"simulator directive '{name}={value}': {e.Message}", e);
        }
    }
}
