using Penstock.Simulator.Http;

namespace Penstock.Simulator.Faults;

/// <summary>Which requests a rule of the server means. <see cref="SelectorTable"/> explains each word.</summary>
internal sealed record FaultSelector
{
    public static readonly FaultSelector Everything = new();

    public double Chance { get; init; } = 1;
    public int? Nth { get; init; }
    public int Every { get; init; } = 1;
    public int? First { get; init; }
    public TimeSpan After { get; init; }
    public TimeSpan? For { get; init; }
    public string? Header { get; init; }
    public string? HeaderValue { get; init; }

    /// <summary>A path, or <c>all</c>; null for generations only.</summary>
    public string? On { get; init; }

    /// <summary>Whether the rule looks at this request at all; only then does it count it.</summary>
    public bool Sees(HttpRequest request, bool isGeneration, TimeSpan age) =>
        (On is null ? isGeneration : On is "all" || On.Equals(request.Path, StringComparison.Ordinal))
        && age >= After
        && (For is not { } length || age < After + length)
        && (Header is null || Carries(request));

    /// <param name="number">How many it has seen with this one.</param>
    /// <param name="share">Chance: from 0 up to 1.</param>
    public bool Picks(long number, double share) =>
        number % Every == 0 && (Nth ?? number) == number && number <= (First ?? number) && share < Chance;

    private bool Carries(HttpRequest request) =>
        request.Header(Header!) is { } value && (HeaderValue ?? value).Equals(value, StringComparison.Ordinal);
}
