using static Penstock.Simulator.Faults.DirectiveValue;

namespace Penstock.Simulator.Faults;

/// <summary>
/// The words that say which requests the server's own directives mean. Help, README and reader come from here.
/// </summary>
internal static class SelectorTable
{
    public static readonly SelectorWord[] All =
    [
        new(
            "p",
            "SHARE",
            "by chance, 0.1 is one in ten; the seed decides which",
            (s, v) => s with { Chance = Share(v) }
        ),
        new("nth", "N", "the Nth request only", (s, v) => s with { Nth = Number(v, 1) }),
        new("every", "N", "every Nth request", (s, v) => s with { Every = Number(v, 1) }),
        new("first", "N", "the first N requests", (s, v) => s with { First = Number(v, 1) }),
        new(
            "after",
            "DURATION",
            "from so long after start, reset or change on",
            (s, v) => s with { After = Duration(v) }
        ),
        new("for", "DURATION", "for so long and no longer", (s, v) => s with { For = Duration(v) }),
        new("header", "NAME[:VALUE]", "requests with this header", Header),
        new(
            "on",
            "PATH|all",
            "this path or every path but /sim; without it generations",
            (s, v) => s with { On = Path(v) }
        ),
    ];

    private static FaultSelector Header(FaultSelector selector, string value)
    {
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? value : value[..colon];
        return name.Length > 0
            ? selector with
            {
                Header = name,
                HeaderValue = colon < 0 ? null : value[(colon + 1)..],
            }
            : throw new FormatException("expected NAME or NAME:VALUE");
    }

    private static string Path(string value) =>
        value is "all" || value.StartsWith('/')
            ? value
            : throw new FormatException("expected all or a path that begins with /");
}
