namespace Penstock.Engines;

/// <summary>
/// The facts of one kind of engine, and its few rules. Whatever is not said here is as OpenAI has it. Paths go behind a
/// replica's base URL.
/// </summary>
/// <param name="Name">How it is called in a deployment's <c>backend</c>, behind the place it runs at if one is named.</param>
internal sealed record Engine(string Name)
{
    public string ChatPath { get; init; } = "/v1/chat/completions";

    /// <summary>Lists the models, and costs no token.</summary>
    public string ModelsPath { get; init; } = "/v1/models";

    /// <summary>Tells the engine's version in a member <c>version</c>; null: no path does.</summary>
    public string? VersionPath { get; init; }

    /// <summary>Tells how the engine is: costs no token, starts no worker, drains nothing that others read.</summary>
    public required string HealthPath { get; init; }

    /// <summary>
    /// Whatever is asked of it besides its health may start a machine that costs money: nothing is asked unasked.
    /// </summary>
    public bool AskingCosts { get; init; }

    /// <summary>What an answer to <see cref="HealthPath"/> means.</summary>
    public HealthRule Health { get; init; } = HealthRules.ByStatus;

    /// <summary>Where and how its load is read; null: it does not tell.</summary>
    public LoadSource? LoadSource { get; init; }

    /// <summary>How long a slot stays taken after the call was broken off.</summary>
    public TimeSpan AbortLag { get; init; } = TimeSpan.Zero;

    /// <summary>Which way the request field <c>priority</c> points.</summary>
    public PriorityOrder Priority { get; init; } = PriorityOrder.None;

    /// <summary>The priority is a number from 0 to 1, not an integer.</summary>
    public bool PriorityIsFraction { get; init; }

    /// <summary>It knows <c>cache_salt</c>: prompts with different salts share no cached prefix.</summary>
    public bool TakesCacheSalt { get; init; }

    /// <summary>It knows <c>stream_options.continuous_usage_stats</c>: usage on every chunk.</summary>
    public bool ContinuousUsage { get; init; }

    /// <summary>It knows <c>continue_final_message</c>: an answer goes on where a partial assistant message stops.</summary>
    public bool ContinuesPartialMessage { get; init; }

    /// <summary>
    /// It closes a connection that was idle for so long; one of this age is not worth a request. What no engine says of
    /// itself is taken as a minute: the shortest idle time of common proxies.
    /// </summary>
    public TimeSpan IdleConnection { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Pieces of a stream may be lost on its way: an event that is broken is a gap in the answer, not noise beside it.
    /// </summary>
    public bool LosesPieces { get; init; }

    /// <summary>What a caller meets while the engine is not ready.</summary>
    public ColdStart ColdStart { get; init; } = ColdStart.Refuses;

    /// <summary>Tells whether an error that looks like the caller's is the engine's own; null: its statuses are true.</summary>
    public OwnFaultRule? OwnFault { get; init; }

    /// <summary>A 4xx may be the engine's own fault: only what it says tells.</summary>
    public bool JudgesByText => OwnFault is not null;

    /// <summary>Request fields that it would break on, or lie about.</summary>
    public FieldRules Fields { get; init; } = FieldRules.None;

    /// <summary>The member of a choice that says which stop string or token ended it; null: none does.</summary>
    public string? StopDetail { get; init; }

    /// <summary>How one on this machine is found; null: it is not looked for.</summary>
    public EngineSignature? Signature { get; init; }
}
