using System.Collections.Immutable;

namespace Penstock.Engines;

/// <summary>Fields that an engine dropped at some release, and has ignored in silence since.</summary>
/// <param name="Names">The fields.</param>
/// <param name="Since">The first release without them.</param>
/// <param name="Instead">What to send now.</param>
internal sealed record RemovedFields(ImmutableArray<string> Names, Version Since, string Instead)
{
    /// <param name="version">As the engine spells it: <c>0.12.1rc2.dev3+g1a2b</c>; null: nobody knows.</param>
    /// <returns>False for a version that cannot be read: a field is refused only where it is known to be lost.</returns>
    public bool AreGoneFrom(string? version)
    {
        if (version is null)
        {
            return false;
        }

        var numbers = version.AsSpan().TrimStart('v');
        var end = numbers.IndexOfAnyExcept("0123456789.");
        return Version.TryParse((end < 0 ? numbers : numbers[..end]).TrimEnd('.'), out var release) && release >= Since;
    }
}
