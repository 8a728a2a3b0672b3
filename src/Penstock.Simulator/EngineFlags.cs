using Penstock.Simulator.Dialects.Runpod;
using Penstock.Simulator.Faults;
using static Penstock.Simulator.SimulatorFlag;

namespace Penstock.Simulator;

/// <summary>The flags of the engines themselves, under their own names where there is one.</summary>
internal static class EngineFlags
{
    public static readonly SimulatorFlag[] All =
    [
        new("--engine-version", "V", "release it pretends to be (newest)", (o, v) => o with { EngineVersion = v }),
        new("--served-model-name", "M", "same as --model", (o, v) => o with { Models = [.. o.Models, v] }),
        new("-np", "N", "llama-server's slots: generations at once and most choices", Slots),
        new("--parallel", "N", "same as -np", Slots),
        new(
            "--timeout-keep-alive",
            "SECONDS",
            "uvicorn's name for --keep-alive",
            (o, v) => o with { KeepAlive = TimeSpan.FromSeconds(DirectiveValue.Number(v, 0)) }
        ),
        new(
            "--max-body",
            "BYTES",
            "larger bodies get 413 (the dialect's, or 64 MiB)",
            (o, v) => o with { LargestBody = DirectiveValue.Number(v, 1) }
        ),
        new("--sse-keep-alive-interval", "DURATION", "comment after so much silence; 0 never (the engine's own)", Ping),
        new("--sse-ping-interval", "DURATION", "llama-server's name for it", Ping),
        Switch(
            "--enable-request-id-headers",
            "vLLM: X-Request-Id comes back (off)",
            (o, on) => o with { RequestIdHeaders = on }
        ),
        Switch(
            "--enable-server-load-tracking",
            "vLLM: /load counts (on)",
            (o, on) => o with { ServerLoadTracking = on }
        ),
        Switch("--enable-auto-tool-choice", "vLLM: tools under auto (on)", (o, on) => o with { AutoToolChoice = on }),
        new(
            "--tool-call-parser",
            "NAME",
            "vLLM: taken and ignored; the model always speaks the parser's language",
            (o, _) => o
        ),
        Switch(
            "--enable-prompt-tokens-details",
            "vLLM: usage tells cached tokens (off)",
            (o, on) => o with { PromptTokensDetails = on }
        ),
        Switch(
            "--enable-cache-report",
            "SGLang: usage tells cached tokens (off)",
            (o, on) => o with { CacheReport = on }
        ),
        Switch(
            "--enable-force-include-usage",
            "usage in every stream, asked for or not (off)",
            (o, on) => o with { ForceIncludeUsage = on }
        ),
        new(
            "--max-logprobs",
            "N",
            "vLLM: most log-probabilities a token (20)",
            (o, v) => o with { MaxLogProbs = DirectiveValue.Number(v, 0) }
        ),
        new(
            "--scheduling-policy",
            "fcfs|priority",
            "vLLM: whether a priority is taken (fcfs)",
            (o, v) => o with { PriorityScheduling = DirectiveValue.OneOf(v, "fcfs", "priority") is "priority" }
        ),
        Switch(
            "--structured-output",
            "a prescribed form is honoured (on)",
            (o, on) => o with { StructuredOutput = on }
        ),
        Switch(
            "--continuous-usage",
            "continuous_usage_stats is known (on)",
            (o, on) => o with { ContinuousUsage = on }
        ),
        Switch("--continuation", "a partial answer can be continued (on)", (o, on) => o with { Continuation = on }),
        Switch(
            "--health-generates",
            "SGLang: /health generates a token (on)",
            (o, on) => o with { HealthGenerates = on }
        ),
        Switch(
            "--enable-metrics",
            "SGLang, TensorRT-LLM, llama-server: metrics are served (on)",
            (o, on) => o with { Metrics = on }
        ),
        new(
            "--metric-prefix",
            "TEXT",
            "SGLang: what metric names begin with (sglang:)",
            (o, v) => o with { MetricPrefix = v }
        ),
        new("--endpoint-id", "ID", "RunPod: the one endpoint there is (any)", (o, v) => o with { EndpointId = v }),
        new(
            "--failed-job-status",
            "500|200",
            "RunPod: status of a failed job (500)",
            (o, v) => o with { FailedJobStatus = DirectiveValue.OneOf(v, "500", "200") is "200" ? 200 : 500 }
        ),
        new(
            "--job-errors",
            string.Join('|', JobErrorForm.All),
            "RunPod: form of a failed job's error (repr)",
            (o, v) => o with { JobErrors = DirectiveValue.OneOf(v, JobErrorForm.All) }
        ),
        new(
            "--piece-bytes",
            "N",
            "RunPod: most bytes of a stream's piece (0: as written)",
            (o, v) => o with { PieceBytes = DirectiveValue.Number(v, 0) }
        ),
    ];

    private static SimulatorOptions Ping(SimulatorOptions options, string value) =>
        options with
        {
            PingInterval = DirectiveValue.Duration(value),
        };

    private static SimulatorOptions Slots(SimulatorOptions options, string value) =>
        options with
        {
            MaxRunning = DirectiveValue.Number(value, 1),
        };
}
