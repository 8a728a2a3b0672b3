using Penstock.Contracts;
using Penstock.Metering;
using Penstock.Registry;

namespace Penstock.Management;

/// <summary>
/// Sums of keys under the names that people know them by: a key and those it took over from are one row.
/// </summary>
internal static class UsageOfKeys
{
    public static IEnumerable<UsageRow> Rows(IReadOnlyList<UsageSum> sums, RegistryState state)
    {
        var named = sums.Select(sum => (Sum: sum, Key: state.Keys.GetValueOrDefault(sum.KeyId!.Value))).ToList();
        var homes = named
            .Where(row => row.Key is not null)
            .ToLookup(row => row.Key!.Name, row => row.Key!.WorkspaceId, StringComparer.Ordinal);
        return named
            .GroupBy(row => NameOf(row.Key, row.Sum, homes, state), row => row.Sum, StringComparer.Ordinal)
            .Select(group => group.Select(Row).Aggregate(Add) with { Key = group.Key });
    }

    /// <summary>The numbers alone.</summary>
    public static UsageRow Row(UsageSum sum) =>
        new()
        {
            Requests = sum.Requests,
            Errors = sum.Errors,
            PromptTokens = sum.PromptTokens,
            CompletionTokens = sum.CompletionTokens,
            CachedTokens = sum.CachedTokens,
            ReasoningTokens = sum.ReasoningTokens,
            Cost = Money.OfNanos(sum.Cost),
        };

    private static string NameOf(KeyRecord? key, UsageSum sum, ILookup<string, Guid> homes, RegistryState state) =>
        key is null ? sum.KeyId!.Value.ToString("D")
        : homes[key.Name].Distinct().Count() > 1 ? $"{state.WorkspaceName(key.WorkspaceId)}/{key.Name}"
        : key.Name;

    private static UsageRow Add(UsageRow one, UsageRow other) =>
        one with
        {
            Requests = one.Requests + other.Requests,
            Errors = one.Errors + other.Errors,
            PromptTokens = one.PromptTokens + other.PromptTokens,
            CompletionTokens = one.CompletionTokens + other.CompletionTokens,
            CachedTokens = one.CachedTokens + other.CachedTokens,
            ReasoningTokens = one.ReasoningTokens + other.ReasoningTokens,
            Cost = one.Cost + other.Cost,
        };
}
