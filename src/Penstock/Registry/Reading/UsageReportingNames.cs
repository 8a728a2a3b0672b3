using Penstock.Routing;

namespace Penstock.Registry.Reading;

/// <summary>How <see cref="UsageReporting"/> is spelt.</summary>
internal static class UsageReportingNames
{
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<UsageReporting>().Select(Of)];

    public static string Of(UsageReporting usage) => usage.ToString().ToLowerInvariant();

    public static UsageReporting Parse(string name) => Enum.Parse<UsageReporting>(name, ignoreCase: true);
}
