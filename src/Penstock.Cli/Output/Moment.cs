namespace Penstock.Cli.Output;

/// <summary>A point in time for people: UTC, to the second.</summary>
internal static class Moment
{
    public static string Of(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'");

    public static string Of(DateTimeOffset? at, string none) => at is { } given ? Of(given) : none;
}
