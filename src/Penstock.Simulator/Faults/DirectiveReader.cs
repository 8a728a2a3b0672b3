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
        foreach (var word in text.Split([' ', ';', ',', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            // fault=cut=3, fault=cut:3 and cut=3 say the same.
            var rest = word.StartsWith("fault=", StringComparison.Ordinal) ? word["fault=".Length..] : word;
            var end = rest.IndexOf('=', StringComparison.Ordinal) is var equals and >= 0
                ? equals
                : rest.IndexOf(':', StringComparison.Ordinal);
            var (name, value) = end < 0 ? (rest, "") : (rest[..end], rest[(end + 1)..]);
            directives = Apply(directives, name, value);
        }

        return directives;
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

    private static Directives Apply(Directives directives, string name, string value)
    {
        var directive = Array.Find(DirectiveTable.All, d => d.Name.Equals(name, StringComparison.Ordinal));
        if (directive is null)
        {
            throw new FormatException($"unknown simulator directive '{name}'");
        }

        try
        {
            return directive.Apply(directives, value);
        }
        catch (FormatException e)
        {
            throw new FormatException($"simulator directive '{name}={value}': {e.Message}", e);
        }
    }
}
