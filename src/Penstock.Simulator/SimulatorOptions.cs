using System.Net;

namespace Penstock.Simulator;

/// <summary>What a simulator pretends to be. Every default makes it answer at once, as tests want it.</summary>
public sealed record SimulatorOptions
{
    /// <summary>Loopback: a pretend engine has no business on a network unless asked.</summary>
    public IPAddress Host { get; init; } = IPAddress.Loopback;

    /// <summary>0 takes any free port.</summary>
    public int Port { get; init; }

    /// <summary>Whose behaviour: a name of the dialect catalogue.</summary>
    public string Dialect { get; init; } = "vllm";

    /// <summary>The names it serves; the first is what a request without <c>model</c> gets.</summary>
    public IReadOnlyList<string> Models { get; init; } = ["demo"];

    /// <summary>
    /// Prompt and answer together, in tokens: what current models of 8 to 70 billion parameters offer.
    /// </summary>
    public int MaxModelLen { get; init; } = 131_072;

    /// <summary>From the request to its first token.</summary>
    public TimeSpan Ttft { get; init; }

    /// <summary>From token to token; zero streams as fast as the socket takes it.</summary>
    public TimeSpan Itl { get; init; }

    /// <summary>How many tokens an answer has when nothing ends it sooner: a short paragraph.</summary>
    public int AnswerTokens { get; init; } = 64;

    /// <summary>Asked on <c>/v1</c> paths when set.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Another seed, other answers; a request's own <c>seed</c> is mixed in.</summary>
    public long Seed { get; init; }

    /// <summary>Generations at once; 0 is no limit, so that a benchmark measures the gateway.</summary>
    public int MaxRunning { get; init; }

    /// <summary>Requests that may wait for a slot before 503; 0 is no limit, as engines ship it.</summary>
    public int MaxQueued { get; init; }

    /// <summary>Tokens the pretend cache holds. About what an 80 GB card keeps for an 8B model.</summary>
    public long KvTokens { get; init; } = 524_288;

    /// <summary>
    /// Whether a full cache makes requests wait and preempts others; off, it is only what metrics are told by, so that a
    /// benchmark measures the gateway.
    /// </summary>
    public bool KvIsLimit { get; init; }

    /// <summary>Tokens a block of the cache; null what the dialect's engine takes.</summary>
    public int? BlockSize { get; init; }

    /// <summary>Whether prompts that begin alike share blocks. On, as all engines ship it today.</summary>
    public bool PrefixCache { get; init; } = true;

    /// <summary>
    /// What a step of the engine takes whatever it does. With it or one of the next two set, tokens come from steps of
    /// continuous batching; without, as <see cref="Ttft"/> and <see cref="Itl"/> say, which are lower bounds then. Six
    /// milliseconds are an 8B model's on a current card.
    /// </summary>
    public TimeSpan StepBase { get; init; }

    /// <summary>What each sequence in the batch adds to a step: 0.1 to 0.4 ms on such a card.</summary>
    public TimeSpan StepPerSequence { get; init; }

    /// <summary>What each prompt token adds to a step: 125 µs are 8,000 tokens a second.</summary>
    public TimeSpan StepPerPromptToken { get; init; }

    /// <summary>Tokens a step computes at most, one a sequence and chunks of prompts: vLLM's default on small cards.</summary>
    public int StepTokens { get; init; } = 2048;

    /// <summary>Spread of step times and of the fixed pace, the sigma of a log-normal factor; 0 none.</summary>
    public double Noise { get; init; }

    /// <summary>
    /// How long a generation goes on after its client went; <see cref="Timeout.InfiniteTimeSpan"/> is to its end, null
    /// what the dialect's engine does.
    /// </summary>
    public TimeSpan? AbortLag { get; init; }

    /// <summary>
    /// An idle connection is closed after this; zero never, null after the engine's own time. vLLM, SGLang and TensorRT-LLM
    /// close after uvicorn's 5 s, which clients must survive.
    /// </summary>
    public TimeSpan? KeepAlive { get; init; }

    /// <summary>
    /// Directives for every request, in the words of the <c>X-Sim</c> header; a request's own come on top.
    /// </summary>
    public string Directives { get; init; } = "";

    /// <summary>The release it pretends to be, where that changes its behaviour; null is the newest known here.</summary>
    public string? EngineVersion { get; init; }

    /// <summary>Tools may be called under <c>auto</c>: vLLM's flag of this name and a tool call parser.</summary>
    public bool AutoToolChoice { get; init; } = true;

    /// <summary>vLLM's flag: usage tells of cached tokens. Off as vLLM ships it.</summary>
    public bool PromptTokensDetails { get; init; }

    /// <summary>SGLang's flag of the same meaning. Off as SGLang ships it.</summary>
    public bool CacheReport { get; init; }

    /// <summary>vLLM's <c>--max-logprobs</c>.</summary>
    public int MaxLogProbs { get; init; } = 20;

    /// <summary>vLLM's <c>--scheduling-policy priority</c>: without it a priority is refused.</summary>
    public bool PriorityScheduling { get; init; }

    /// <summary>Whether a prescribed form of the answer is honoured; without, it is ignored.</summary>
    public bool StructuredOutput { get; init; } = true;

    /// <summary>Whether <c>continuous_usage_stats</c> is known.</summary>
    public bool ContinuousUsage { get; init; } = true;

    /// <summary>Usage at the end of every stream and on every chunk, whatever the request says.</summary>
    public bool ForceIncludeUsage { get; init; }

    /// <summary>Whether SGLang's <c>/health</c> generates a token, as it does unless it is told not to.</summary>
    public bool HealthGenerates { get; init; } = true;

    /// <summary>Another prefix for SGLang's metrics than <c>sglang:</c>: <c>sglang_</c> is in the field too.</summary>
    public string? MetricPrefix { get; init; }

    /// <summary>How long the engine loads its model after its start; what a client meets meanwhile is the dialect's.</summary>
    public TimeSpan Startup { get; init; }

    /// <summary>
    /// Whether metrics are served where an engine serves them only when told to: SGLang, TensorRT-LLM and llama-server.
    /// </summary>
    public bool Metrics { get; init; } = true;

    /// <summary>Larger bodies get 413; null is the dialect's limit, or 64 MiB where the engine has none.</summary>
    public long? LargestBody { get; init; }

    /// <summary>The one endpoint that a RunPod queue knows; null answers for any.</summary>
    public string? EndpointId { get; init; }

    /// <summary>The status under which RunPod's edge shows a failed job, which nobody has written down: 500 or 200.</summary>
    public int FailedJobStatus { get; init; } = 500;

    /// <summary>How a failed job's error is written: <c>repr</c>, <c>json</c> or <c>traceback</c>.</summary>
    public string JobErrors { get; init; } = "repr";

    /// <summary>
    /// Bytes of a job's stream that one piece holds at most, which splits events and characters; zero is as much as was
    /// written at once.
    /// </summary>
    public int PieceBytes { get; init; }

    /// <summary>
    /// After so much silence a stream says in a comment that it is there; zero never, null as the engine ships: llama-server
    /// after 30 s, TGI after 15 s, the others not at all.
    /// </summary>
    public TimeSpan? PingInterval { get; init; }

    /// <summary>vLLM's flag of this name: <c>X-Request-Id</c> comes back, or one is made. Off as vLLM ships it.</summary>
    public bool RequestIdHeaders { get; init; }

    /// <summary>vLLM's <c>--enable-server-load-tracking</c>: without it <c>/load</c> is always zero.</summary>
    public bool ServerLoadTracking { get; init; } = true;

    /// <summary>Whether a partial answer can be continued; without, it is one more message.</summary>
    public bool Continuation { get; init; } = true;

    /// <summary>How many received requests <c>/sim/requests</c> remembers; 0 none.</summary>
    public int RememberedRequests { get; init; } = 64;

    /// <summary>
    /// How many generations <c>/sim/generations</c> remembers; 0 none. Enough for a ledger test, about a megabyte.
    /// </summary>
    public int RememberedGenerations { get; init; } = 4096;

    /// <summary>
    /// A port that answers <c>/sim</c> only and stays when the engine dies; null none, 0 any free one.
    /// </summary>
    public int? ControlPort { get; init; }

    /// <summary>Where time comes from.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
