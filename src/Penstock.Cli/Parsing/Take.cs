using System.CommandLine;
using System.CommandLine.Parsing;
using Penstock.Contracts;

namespace Penstock.Cli.Parsing;

/// <summary>Options whose value has a form: what does not fit is wrong usage, said before anything is sent.</summary>
internal static class Take
{
    public static Option<string?> Word(string name, string help, string valueName) =>
        new(name) { Description = help, HelpName = valueName };

    public static Option<string?> RequiredWord(string name, string help, string valueName) =>
        new(name)
        {
            Description = help,
            HelpName = valueName,
            Required = true,
        };

    public static Option<bool> Flag(string name, string help) => new(name) { Description = help };

    /// <summary>On or off, so that what is not named stays as it is.</summary>
    public static Option<bool?> Switch(string name, string help) =>
        new(name)
        {
            Description = help,
            HelpName = "true|false",
            Arity = ArgumentArity.ExactlyOne,
        };

    public static Option<int?> Count(string name, string help) =>
        new(name)
        {
            Description = help,
            HelpName = "N",
            CustomParser = result => ParseCount(result),
        };

    /// <summary>A number of at least 1, or the word <c>plan</c>: what the workspace's plan says.</summary>
    public static Option<Optional<int?>> CountOrPlan(string name, string help) =>
        new(name)
        {
            Description = help,
            HelpName = "N|plan",
            CustomParser = result => result.Tokens[0].Value == "plan" ? new Optional<int?>(null) : ParseCount(result),
        };

    /// <summary>Names with commas between them; may be repeated.</summary>
    public static Option<IReadOnlyList<string>?> Names(string name, string help) =>
        new(name)
        {
            Description = help,
            HelpName = "A,B",
            Arity = ArgumentArity.OneOrMore,
            CustomParser = ParseNames,
        };

    /// <summary>Kept as text, since that is how it is sent.</summary>
    public static Option<string?> DurationText(string name, string help)
    {
        var option = Word(name, help, "DURATION");
        option.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string?>();
            if (!Duration.TryParse(text, out _))
            {
                result.AddError($"{name}: \"{text}\" is not a duration such as 500ms, 2s, 30m, 24h or 30d.");
            }
        });
        return option;
    }

    private static int? ParseCount(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (int.TryParse(text, out var number) && number >= 0)
        {
            return number;
        }

        result.AddError($"{OptionName(result)}: \"{text}\" is not a whole number from 0 to {int.MaxValue}.");
        return null;
    }

    private static List<string>? ParseNames(ArgumentResult result)
    {
        var names = result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries)).ToList();
        if (names.TrueForAll(name => name.Length > 0))
        {
            return names;
        }

        result.AddError($"{OptionName(result)}: a name is empty; write them as a,b,c.");
        return null;
    }

    public static string OptionName(ArgumentResult result) =>
        result.Parent is OptionResult option ? option.Option.Name : result.Argument.Name;
}
