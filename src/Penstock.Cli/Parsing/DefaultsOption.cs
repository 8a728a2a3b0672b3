using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Penstock.Contracts;

namespace Penstock.Cli.Parsing;

/// <summary>What is added to silent requests: <c>engine</c>, or <c>max_tokens=512,temperature=1,top_p=1</c>.</summary>
internal static class DefaultsOption
{
    public static Option<DefaultsShape?> Create() =>
        new("--defaults")
        {
            Description = "Added where a caller is silent: max_tokens=512,temperature=1,top_p=1, or engine (nothing)",
            HelpName = "engine|NAME=VALUE,...",
            CustomParser = Parse,
        };

    private static DefaultsShape? Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (text == "engine")
        {
            return DefaultsShape.Engine;
        }

        var defaults = new DefaultsShape();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (With(defaults, part.Split('=', 2)) is not { } next)
            {
                result.AddError(
                    $"--defaults: \"{part}\" is none of max_tokens=N, temperature=X, top_p=X, nor the word engine."
                );
                return null;
            }

            defaults = next;
        }

        return defaults;
    }

    private static DefaultsShape? With(DefaultsShape defaults, string[] pair)
    {
        return pair switch
        {
            ["max_tokens", var text] when long.TryParse(text, out var count) => defaults with { MaxTokens = count },
            ["temperature", var text] when Number(text, out var number) => defaults with { Temperature = number },
            ["top_p", var text] when Number(text, out var number) => defaults with { TopP = number },
            _ => null,
        };

        static bool Number(string text, out double number) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number)
            && double.IsFinite(number);
    }
}
