using System.Net;
using Penstock.Simulator.Dialects;
using Penstock.Simulator.Faults;

namespace Penstock.Simulator;

/// <summary>
/// The command line, read into options. A mistake is a <see cref="FormatException"/> whose message says it.
/// </summary>
internal static class SimulatorArguments
{
    public static readonly (
        string Flag,
        string Value,
        string Meaning,
        Func<SimulatorOptions, string, SimulatorOptions> Apply
    )[] Flags =
    [
        ("--port", "P", "port to listen on; 0 takes a free one (8000)", (o, v) => o with { Port = Port(v) }),
        ("--host", "H", "address to listen on (127.0.0.1)", (o, v) => o with { Host = Address(v) }),
        ("--dialect", "NAME", "whose behaviour (vllm)", (o, v) => o with { Dialect = DialectName(v) }),
        ("--model", "M", "a model it serves; repeatable (demo)", (o, v) => o with { Models = [.. o.Models, v] }),
        ("--ttft", "DURATION", "time to the first token (0)", (o, v) => o with { Ttft = DirectiveValue.Duration(v) }),
        (
            "--itl",
            "DURATION",
            "time from token to token (0: as fast as the socket takes it)",
            (o, v) => o with { Itl = DirectiveValue.Duration(v) }
        ),
        ("--tokens", "N", "length of an answer (64)", (o, v) => o with { AnswerTokens = DirectiveValue.Number(v, 1) }),
        (
            "--max-model-len",
            "N",
            "context length in tokens (131072)",
            (o, v) => o with { MaxModelLen = DirectiveValue.Number(v, 2) }
        ),
        ("--api-key", "K", "ask for this key on /v1 (none)", (o, v) => o with { ApiKey = v }),
        ("--seed", "N", "other seed, other answers (0)", (o, v) => o with { Seed = DirectiveValue.Number(v, 0) }),
        (
            "--max-num-seqs",
            "N",
            "generations at once, the rest waits (0: no limit)",
            (o, v) => o with { MaxRunning = DirectiveValue.Number(v, 0) }
        ),
        (
            "--max-num-queued-reqs",
            "N",
            "waiting requests before 503 (0: no limit)",
            (o, v) => o with { MaxQueued = DirectiveValue.Number(v, 0) }
        ),
        (
            "--kv-tokens",
            "N",
            "tokens the pretend cache holds; what does not fit waits (524288, no limit)",
            (o, v) => o with { KvTokens = DirectiveValue.Number(v, 1), KvIsLimit = true }
        ),
        (
            "--block-size",
            "N",
            "tokens a block of the cache (the engine's own)",
            (o, v) => o with { BlockSize = DirectiveValue.Number(v, 1) }
        ),
        (
            "--prefix-cache",
            "on|off",
            "whether prompts that begin alike share blocks (on)",
            (o, v) => o with { PrefixCache = DirectiveValue.OneOf(v, "on", "off") is "on" }
        ),
        (
            "--step-base",
            "DURATION",
            "what a step takes: with one of these three tokens come from batched steps (0)",
            (o, v) => o with { StepBase = DirectiveValue.Duration(v) }
        ),
        (
            "--step-per-seq",
            "DURATION",
            "what each sequence adds to a step (0)",
            (o, v) => o with { StepPerSequence = DirectiveValue.Duration(v) }
        ),
        (
            "--step-per-prompt-token",
            "DURATION",
            "what each prompt token adds to a step (0)",
            (o, v) => o with { StepPerPromptToken = DirectiveValue.Duration(v) }
        ),
        (
            "--step-tokens",
            "N",
            "tokens a step computes at most (2048)",
            (o, v) => o with { StepTokens = DirectiveValue.Number(v, 1) }
        ),
        (
            "--noise",
            "SHARE",
            "spread of all times, as the sigma of a log-normal factor (0)",
            (o, v) => o with { Noise = DirectiveValue.Share(v) }
        ),
        (
            "--abort-lag",
            "DURATION|never",
            "how long a generation goes on without its client, or never to stop it (the engine's own)",
            (o, v) => o with { AbortLag = v is "never" ? Timeout.InfiniteTimeSpan : DirectiveValue.Duration(v) }
        ),
        (
            "--startup",
            "DURATION",
            "how long it loads its model after a start; the dialect says what clients meet meanwhile (0)",
            (o, v) => o with { Startup = DirectiveValue.Duration(v) }
        ),
        (
            "--keep-alive",
            "DURATION",
            "close idle connections after this; 0 never (5s)",
            (o, v) => o with { KeepAlive = DirectiveValue.Duration(v) }
        ),
        (
            "--remember",
            "N",
            "requests kept for /sim/requests (64)",
            (o, v) => o with { RememberedRequests = DirectiveValue.Number(v, 0) }
        ),
        (
            "--remember-generations",
            "N",
            "generations kept for /sim/generations (4096)",
            (o, v) => o with { RememberedGenerations = DirectiveValue.Number(v, 0) }
        ),
        (
            "--control-port",
            "P",
            "answer /sim here too, also while the engine is dead; 0 takes a free one (none)",
            (o, v) => o with { ControlPort = Port(v) }
        ),
        (
            "--sim",
            "DIRECTIVES",
            "directives for every request or for some, see below",
            (o, v) => o with { Directives = Checked($"{o.Directives} {v}".Trim()) }
        ),
    ];

    public static SimulatorOptions Read(IReadOnlyList<string> args)
    {
        var options = new SimulatorOptions { Port = -1, Models = [] };
        for (var i = 0; i < args.Count; i++)
        {
            var equals = args[i].IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? args[i] : args[i][..equals];
            var flag = Array.Find(Flags, f => f.Flag.Equals(name, StringComparison.Ordinal));
            if (flag.Flag is null)
            {
                throw new FormatException($"unknown option '{name}'");
            }

            if (equals < 0 && ++i == args.Count)
            {
                throw new FormatException($"{name} needs a value");
            }

            options = Apply(flag, options, equals < 0 ? args[i] : args[i][(equals + 1)..]);
        }

        var dialect = DialectCatalog.Find(options.Dialect)!;
        return options with
        {
            Port = options.Port < 0 ? dialect.Facts.DefaultPort : options.Port,
            Models = options.Models.Count == 0 ? ["demo"] : options.Models,
        };
    }

    private static SimulatorOptions Apply(
        (string Flag, string Value, string Meaning, Func<SimulatorOptions, string, SimulatorOptions> Apply) flag,
        SimulatorOptions options,
        string value
    )
    {
        try
        {
            return flag.Apply(options, value);
        }
        catch (FormatException e)
        {
            throw new FormatException($"{flag.Flag} '{value}': {e.Message}", e);
        }
    }

    private static int Port(string text) =>
        DirectiveValue.Number(text, 0) is var port && port <= IPEndPoint.MaxPort
            ? port
            : throw new FormatException("expected a port up to 65535");

    private static IPAddress Address(string text) =>
        text.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
        : IPAddress.TryParse(text, out var address) ? address
        : throw new FormatException("expected an IP address or localhost");

    private static string DialectName(string text) =>
        DialectCatalog.Find(text)?.Name ?? throw new FormatException($"there are {DialectCatalog.Names}");

    private static string Checked(string directives)
    {
        _ = new FaultPlan(directives, seed: 0, TimeProvider.System);
        return directives;
    }
}
