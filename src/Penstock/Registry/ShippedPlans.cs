using System.Collections.Immutable;

namespace Penstock.Registry;

/// <summary>The four plans of the HTTP contract. They can be overridden, and come back when the override is deleted.</summary>
internal static class ShippedPlans
{
    /// <summary>The plan of a workspace whose maker named none: the smallest one that has keys.</summary>
    public const string Default = "pro";

    public static ImmutableArray<Plan> All { get; } =
    [
        new() { Name = "starter", Keys = false },
        new()
        {
            Name = "pro",
            RequestsPerMinute = 500,
            MaxRequestsPerMinute = 1_000,
        },
        new()
        {
            Name = "team",
            RequestsPerMinute = 5_000,
            MaxRequestsPerMinute = 10_000,
        },
        new()
        {
            Name = "enterprise",
            RequestsPerMinute = 50_000,
            MaxRequestsPerMinute = 100_000,
        },
    ];

    public static Plan? Find(string name) => All.FirstOrDefault(plan => plan.Name == name);
}
