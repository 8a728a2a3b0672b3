using System.Text.RegularExpressions;

namespace Penstock.Tests.Inference;

/// <summary>A row of the table of parameters in docs/http-api.md: what a schema can say of it.</summary>
/// <param name="Types">JSON types, in alphabetical order.</param>
/// <param name="Least">Of a number, or of the items of an array; empty: no bound.</param>
/// <param name="Default">As JSON; empty: none.</param>
internal sealed partial record ParameterRow(string[] Names, string Types, string Least, string Most, string Default)
{
    public static ParameterRow OfPage(string[] row)
    {
        var (least, most) = Bounds($"{row[1]}; {row[2]}");
        return new ParameterRow(
            [.. row[0].Split(", ").Select(name => name.Trim('`'))],
            string.Join(' ', TypesOf(row[1])),
            least,
            most,
            row[3].Trim('`')
        );
    }

    public override string ToString() => $"{Types}, {Least} to {Most}, default {Default}";

    /// <summary>Only outer types count: of <c>array of objects, at least one</c> the array.</summary>
    private static IEnumerable<string> TypesOf(string cell)
    {
        var outer = Inner().Replace(cell, "");
        var words = TypeWord().Matches(outer).Select(match => match.Value);
        // Literals: "auto" is a string, {"type": …} an object.
        var literals = new[] { ("`\"", "string"), ("`{", "object") }
            .Where(literal => cell.Contains(literal.Item1, StringComparison.Ordinal))
            .Select(literal => literal.Item2);
        return words.Concat(literals).Distinct().Order();
    }

    private static (string Least, string Most) Bounds(string text)
    {
        var range = Range().Match(text);
        if (range.Success)
        {
            return (Number(range.Groups["least"].Value), Number(range.Groups["most"].Value));
        }

        var least = AtLeast().Match(text);
        var most = AtMost().Match(text);
        return (
            least.Success ? Number(least.Groups["bound"].Value)
            : text.Contains("at least one", StringComparison.Ordinal) ? "1"
            : "",
            most.Success ? Number(most.Groups["bound"].Value) : ""
        );
    }

    /// <summary>The page writes a minus sign, JSON a hyphen.</summary>
    private static string Number(string text) => text.Replace('−', '-');

    [GeneratedRegex(
        "of (objects|strings)|[;,] .*|with .*",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Inner();

    [GeneratedRegex(
        @"\b(string|array|boolean|integer|number|object)\b",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex TypeWord();

    [GeneratedRegex(@"(?<least>[−\d]+) to (?<most>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Range();

    [GeneratedRegex(@"≥ (?<bound>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AtLeast();

    [GeneratedRegex(@"at most (?<bound>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AtMost();
}
