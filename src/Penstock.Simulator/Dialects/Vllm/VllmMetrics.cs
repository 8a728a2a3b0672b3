using System.Globalization;
using System.Text;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Vllm;

/// <summary>
/// The metrics that routers and dashboards read, all of them derived from what the engine is doing.
/// </summary>
internal static class VllmMetrics
{
    private static readonly string[] Reasons = ["abort", "error", "length", "stop"];

    public static HttpReply Answer(EngineState engine)
    {
        var text = new StringBuilder(4096);
        var counters = engine.Counters;
        var labels = $"engine=\"0\",model_name=\"{Escaped(engine.Options.Models[0])}\"";
        var usage = engine.KvUsage;
        One(
            text,
            "vllm:num_requests_running",
            "gauge",
            "Number of requests in model execution batches.",
            labels,
            counters.Running
        );
        One(
            text,
            "vllm:num_requests_waiting",
            "gauge",
            "Number of requests waiting to be processed.",
            labels,
            counters.Waiting
        );
        Header(text, "vllm:num_requests_waiting_by_reason", "gauge", "Number of waiting requests by reason.");
        Line(text, "vllm:num_requests_waiting_by_reason", $"{labels},reason=\"capacity\"", counters.Waiting);
        Line(text, "vllm:num_requests_waiting_by_reason", $"{labels},reason=\"deferred\"", 0);
        One(text, "vllm:kv_cache_usage_perc", "gauge", "KV-cache usage. 1 means 100 percent usage.", labels, usage);
        One(
            text,
            "vllm:prompt_tokens_total",
            "counter",
            "Number of prefill tokens processed.",
            labels,
            counters.PromptTokens
        );
        One(
            text,
            "vllm:generation_tokens_total",
            "counter",
            "Number of generation tokens processed.",
            labels,
            counters.GeneratedTokens
        );
        Header(text, "vllm:request_success_total", "counter", "Count of successfully processed requests.");
        var finished = counters.Finished.ToDictionary(StringComparer.Ordinal);
        foreach (var reason in Reasons)
        {
            Line(
                text,
                "vllm:request_success_total",
                $"{labels},finished_reason=\"{reason}\"",
                finished.GetValueOrDefault(reason)
            );
        }

        One(
            text,
            "vllm:cache_config_info",
            "gauge",
            "Information of the LLMEngine CacheConfig",
            $"block_size=\"{engine.BlockSize}\",engine=\"0\",num_gpu_blocks=\"{engine.KvBlocks}\"",
            1
        );
        return new HttpReply(200, "text/plain; version=1.0.0; charset=utf-8", Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static string Escaped(string label) =>
        label
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);

    private static void One(StringBuilder text, string name, string type, string help, string labels, double value)
    {
        Header(text, name, type, help);
        Line(text, name, labels, value);
    }

    private static void Header(StringBuilder text, string name, string type, string help) =>
        text.Append("# HELP ")
            .Append(name)
            .Append(' ')
            .Append(help)
            .Append('\n')
            .Append("# TYPE ")
            .Append(name)
            .Append(' ')
            .Append(type)
            .Append('\n');

    private static void Line(StringBuilder text, string name, string labels, double value) =>
        text.Append(name).Append('{').Append(labels).Append("} ").Append(Number(value)).Append('\n');

    /// <summary>As Python's client prints floats: 3 is 3.0.</summary>
    private static string Number(double value) =>
        Math.Floor(value).Equals(value) && value < 1e16
            ? value.ToString("F1", CultureInfo.InvariantCulture)
            : value.ToString("R", CultureInfo.InvariantCulture);
}
