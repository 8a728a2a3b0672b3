using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Penstock.Contracts;

namespace Penstock.Cli.Parsing;

/// <summary>What a million tokens cost: <c>prompt=0.15,cached=0.075,completion=0.6</c>.</summary>
internal static class PriceOption
{
    public static Option<PriceShape?> Create() =>
        new("--price")
        {
            Description = "What a million tokens cost: prompt=0.15,completion=0.6, and cached=0.075 if that is less",
            HelpName = "NAME=VALUE,...",
            CustomParser = Parse,
        };

    private static PriceShape? Parse(ArgumentResult result)
    {
        var price = new PriceShape();
        foreach (var part in result.Tokens[0].Value.Split(',', StringSplitOptions.TrimEntries))
        {
            if (With(price, part.Split('=', 2)) is not { } next)
            {
                result.AddError($"--price: \"{part}\" is none of prompt=X, cached=X and completion=X.");
                return null;
            }

            price = next;
        }

        return price;
    }

    private static PriceShape? With(PriceShape price, string[] pair)
    {
        return pair switch
        {
            ["prompt", var text] when Amount(text, out var amount) => price with { Prompt = amount },
            ["cached", var text] when Amount(text, out var amount) => price with { Cached = amount },
            ["completion", var text] when Amount(text, out var amount) => price with { Completion = amount },
            _ => null,
        };

        static bool Amount(string text, out decimal amount) =>
            decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out amount);
    }
}
