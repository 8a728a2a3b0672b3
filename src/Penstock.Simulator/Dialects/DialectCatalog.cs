using Penstock.Simulator.Dialects.Vllm;

namespace Penstock.Simulator.Dialects;

/// <summary>The dialects there are: one line each.</summary>
internal static class DialectCatalog
{
    public static readonly Dialect[] All = [new VllmDialect()];

    public static string Names => string.Join(", ", All.Select(d => d.Name));

    public static Dialect? Find(string name) =>
        Array.Find(All, d => d.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
