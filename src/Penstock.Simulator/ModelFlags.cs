using Penstock.Simulator.Faults;

namespace Penstock.Simulator;

/// <summary>The flags of the engine's model: slots, queue, cache, steps.</summary>
internal static class ModelFlags
{
    public static readonly SimulatorFlag[] All =
    [
        new(
            "--max-num-seqs",
            "N",
            "generations at once, the rest waits (0: no limit)",
            (o, v) => o with { MaxRunning = DirectiveValue.Number(v, 0) }
        ),
        new(
            "--max-num-queued-reqs",
            "N",
            "waiting requests before 503 (0: no limit)",
            (o, v) => o with { MaxQueued = DirectiveValue.Number(v, 0) }
        ),
        new(
            "--kv-tokens",
            "N",
            "tokens the pretend cache holds; what does not fit waits (524288, no limit)",
            (o, v) => o with { KvTokens = DirectiveValue.Number(v, 1), KvIsLimit = true }
        ),
        new(
            "--block-size",
            "N",
            "tokens a block of the cache (the engine's own)",
            (o, v) => o with { BlockSize = DirectiveValue.Number(v, 1) }
        ),
        SimulatorFlag.Switch(
            "--prefix-cache",
            "prompts that begin alike share blocks (on)",
            (o, on) => o with { PrefixCache = on }
        ),
        new(
            "--step-base",
            "DURATION",
            "what a step takes: with one of these three tokens come from batched steps (0)",
            (o, v) => o with { StepBase = DirectiveValue.Duration(v) }
        ),
        new(
            "--step-per-seq",
            "DURATION",
            "what each sequence adds to a step (0)",
            (o, v) => o with { StepPerSequence = DirectiveValue.Duration(v) }
        ),
        new(
            "--step-per-prompt-token",
            "DURATION",
            "what each prompt token adds to a step (0)",
            (o, v) => o with { StepPerPromptToken = DirectiveValue.Duration(v) }
        ),
        new(
            "--step-tokens",
            "N",
            "tokens a step computes at most (2048)",
            (o, v) => o with { StepTokens = DirectiveValue.Number(v, 1) }
        ),
        new(
            "--noise",
            "SHARE",
            "spread of all times, as the sigma of a log-normal factor (0)",
            (o, v) => o with { Noise = DirectiveValue.Share(v) }
        ),
    ];
}
