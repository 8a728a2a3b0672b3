using Penstock.Simulator.Dialects.Openai;
using Penstock.Simulator.Dialects.Sglang;
using Penstock.Simulator.Dialects.Trtllm;
using Penstock.Simulator.Dialects.Vllm;

namespace Penstock.Simulator.Dialects;

/// <summary>The dialects there are: one line each.</summary>
internal static class DialectCatalog
{
    public static readonly DialectEntry[] All =
    [
        new(VllmDialect.Is, o => new VllmDialect(o)),
        new(SglangDialect.Is, o => new SglangDialect(o)),
        new(TrtllmDialect.Is, o => new TrtllmDialect(o)),
        new(OpenaiDialect.Is, o => new OpenaiDialect(o)),
    ];

    public static string Names => string.Join(", ", All.Select(d => d.Name));

    public static DialectEntry? Find(string name) =>
        Array.Find(All, d => d.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
