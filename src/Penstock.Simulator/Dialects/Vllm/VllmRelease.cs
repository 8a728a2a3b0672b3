using System.Text;

namespace Penstock.Simulator.Dialects.Vllm;

/// <summary>What depends on the release and the flags that this vLLM was started with.</summary>
internal sealed class VllmRelease(SimulatorOptions options)
{
    private const string Newest = "0.27.1";

    public string Version { get; } = options.EngineVersion ?? Newest;

    public byte[] Fingerprint { get; } = Encoding.UTF8.GetBytes($"vllm-{options.EngineVersion ?? Newest}-51d0cafe");

    /// <summary>The <c>guided_*</c> fields were removed in 0.12; later releases ignore them without a word.</summary>
    public bool HonoursGuided => EngineVersion.IsBefore(Version, 0, 12);

    /// <summary>Renamed in 0.12 too.</summary>
    public string ReasoningKey => EngineVersion.IsBefore(Version, 0, 12) ? "reasoning_content" : "reasoning";

    /// <summary>The gauge of the cache was named after the GPU until 0.10.</summary>
    public string KvUsage =>
        EngineVersion.IsBefore(Version, 0, 10) ? "vllm:gpu_cache_usage_perc" : "vllm:kv_cache_usage_perc";

    /// <summary>Whether usage tells of cached tokens.</summary>
    public bool TellsCachedTokens => options.PromptTokensDetails;
}
