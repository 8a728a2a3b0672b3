namespace Penstock.Routing.Policies;

/// <summary>The policies as a person writes them.</summary>
internal static class RoutingPolicyNames
{
    private static readonly string[] Table = ["prefix", "balanced", "session", "weighted", "round_robin"];

    public static IReadOnlyList<string> All => Table;

    public static string Name(this RoutingPolicy policy) => Table[(int)policy];

    /// <returns>Null for a word that is none.</returns>
    public static RoutingPolicy? Find(string name) =>
        Array.IndexOf(Table, name) is >= 0 and var index ? (RoutingPolicy)index : null;
}
