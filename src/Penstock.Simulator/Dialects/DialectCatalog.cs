using Penstock.Simulator.Dialects.Llamacpp;
using Penstock.Simulator.Dialects.Ollama;
using Penstock.Simulator.Dialects.Openai;
using Penstock.Simulator.Dialects.Runpod;
using Penstock.Simulator.Dialects.Sglang;
using Penstock.Simulator.Dialects.Tgi;
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
        new(LlamacppDialect.Is, o => new LlamacppDialect(o)),
        new(OllamaDialect.Is, o => new OllamaDialect(o)),
        new(TgiDialect.Is, o => new TgiDialect(o)),
        new(RunpodQueueDialect.Is, o => new RunpodQueueDialect(o)),
        new(RunpodLbDialect.Is, o => new RunpodLbDialect(o)),
    ];

    public static string Names => string.Join(", ", All.Select(d => d.Name));

    public static DialectEntry? Find(string name) =>
        Array.Find(All, d => d.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
