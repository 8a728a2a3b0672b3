using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Penstock.Contracts;

namespace Penstock.Cli.Parsing;

/// <summary>When a key ends: after a duration from now, at a date (UTC), or never.</summary>
internal static class Expiry
{
    public const string Never = "never";

    public static Option<Optional<DateTimeOffset?>> Option(TimeProvider clock) =>
        new("--expires")
        {
            Description =
                "When the key ends: 30d from now, a date such as 2030-01-31 or 2030-01-31T12:00:00Z, or never",
            HelpName = "WHEN",
            CustomParser = result => Parse(result, clock),
        };

    private static Optional<DateTimeOffset?> Parse(ArgumentResult result, TimeProvider clock)
    {
        var text = result.Tokens[0].Value;
        if (text == Never)
        {
            return new Optional<DateTimeOffset?>(null);
        }

        if (Duration.TryParse(text, out var duration) && duration > TimeSpan.Zero)
        {
            var now = clock.GetUtcNow();
            if (duration < DateTimeOffset.MaxValue - now)
            {
                return new Optional<DateTimeOffset?>(now + duration);
            }
        }

        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        string[] forms = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mmK"];
        if (DateTimeOffset.TryParseExact(text, forms, CultureInfo.InvariantCulture, Utc, out var at))
        {
            return new Optional<DateTimeOffset?>(at);
        }

        result.AddError($"--expires: \"{text}\" is neither a duration (30d), a date (2030-01-31) nor \"{Never}\".");
        return default;
    }
}
