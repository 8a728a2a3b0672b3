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

    /// <summary>
    /// Tokens the pretend cache holds; only metrics speak of it. About what an 80 GB card keeps for an 8B model.
    /// </summary>
    public long KvTokens { get; init; } = 524_288;

    /// <summary>
    /// How long a generation goes on after its client went; <see cref="Timeout.InfiniteTimeSpan"/> is to its end, null
    /// what the dialect's engine does.
    /// </summary>
    public TimeSpan? AbortLag { get; init; }

    /// <summary>
    /// An idle connection is closed after this; zero never. vLLM closes after 5 s, which clients must survive.
    /// </summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Directives for every request, in the words of the <c>X-Sim</c> header; a request's own come on top.
    /// </summary>
    public string Directives { get; init; } = "";

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
