using System.Net;
using Penstock.Simulator.Dialects;
using Penstock.Simulator.Faults;

namespace Penstock.Simulator;

/// <summary>
/// The command line, read into options. A mistake is a <see cref="FormatException"/> whose message says it.
/// </summary>
internal static class SimulatorArguments
{
    private const string Scenario = "--scenario";

    public static readonly SimulatorFlag[] Flags =
    [
        new(
            "--port",
            "P",
            "port to listen on; 0 takes a free one (the engine's own)",
            (o, v) => o with { Port = Port(v) }
        ),
        new("--host", "H", "address to listen on (127.0.0.1)", (o, v) => o with { Host = Address(v) }),
        new("--dialect", "NAME", "whose behaviour (vllm)", (o, v) => o with { Dialect = DialectName(v) }),
        new("--model", "M", "a model it serves; repeatable (demo)", (o, v) => o with { Models = [.. o.Models, v] }),
        new(
            "--ttft",
            "DURATION",
            "time to the first token (0)",
            (o, v) => o with { Ttft = DirectiveValue.Duration(v) }
        ),
        new(
            "--itl",
            "DURATION",
            "time from token to token (0: as fast as the socket takes it)",
            (o, v) => o with { Itl = DirectiveValue.Duration(v) }
        ),
        new(
            "--tokens",
            "N",
            "length of an answer (64)",
            (o, v) => o with { AnswerTokens = DirectiveValue.Number(v, 1) }
        ),
        new(
            "--max-model-len",
            "N",
            "context length in tokens (131072)",
            (o, v) => o with { MaxModelLen = DirectiveValue.Number(v, 2) }
        ),
        new("--api-key", "K", "ask for this key on /v1 (none)", (o, v) => o with { ApiKey = v }),
        new("--seed", "N", "other seed, other answers (0)", (o, v) => o with { Seed = DirectiveValue.Number(v, 0) }),
        new(
            "--abort-lag",
            "DURATION|never",
            "how long a generation goes on without its client, or never to stop it (the engine's own)",
            (o, v) => o with { AbortLag = v is "never" ? Timeout.InfiniteTimeSpan : DirectiveValue.Duration(v) }
        ),
        new(
            "--startup",
            "DURATION",
            "how long it loads its model after a start; the dialect says what clients meet meanwhile (0)",
            (o, v) => o with { Startup = DirectiveValue.Duration(v) }
        ),
        new(
            "--keep-alive",
            "DURATION",
            "close idle connections after this; 0 never (the engine's own)",
            (o, v) => o with { KeepAlive = DirectiveValue.Duration(v) }
        ),
        new(
            "--remember",
            "N",
            "requests kept for /sim/requests (64)",
            (o, v) => o with { RememberedRequests = DirectiveValue.Number(v, 0) }
        ),
        new(
            "--remember-generations",
            "N",
            "generations kept for /sim/generations (4096)",
            (o, v) => o with { RememberedGenerations = DirectiveValue.Number(v, 0) }
        ),
        new(
            "--control-port",
            "P",
            "answer /sim here too, also while the engine is dead; 0 takes a free one (none)",
            (o, v) => o with { ControlPort = Port(v) }
        ),
        new(
            "--sim",
            "DIRECTIVES",
            "directives for every request or for some, see below",
            (o, v) => o with { Directives = Checked($"{o.Directives} {v}".Trim()) }
        ),
        .. ModelFlags.All,
        .. EngineFlags.All,
    ];

    public static SimulatorOptions Read(IReadOnlyList<string> given)
    {
        var args = Expanded(given).ToArray();
        var options = new SimulatorOptions { Port = -1, Models = [] };
        for (var i = 0; i < args.Length; i++)
        {
            var equals = args[i].IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? args[i] : args[i][..equals];
            var flag = Array.Find(Flags, f => f.Flag.Equals(name, StringComparison.Ordinal));
            if (equals < 0 && flag is { IsSwitch: true })
            {
                options = flag.Apply(options, SimulatorFlag.On);
                continue;
            }

            if (
                flag is null
                && Array.Find(Flags, f => f.IsSwitch && f.Negation.Equals(args[i], StringComparison.Ordinal)) is { } off
            )
            {
                options = off.Apply(options, SimulatorFlag.Off);
                continue;
            }

            if (flag is null)
            {
                throw new FormatException($"unknown option '{name}'");
            }

            if (equals < 0 && ++i == args.Length)
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

    /// <summary>A scenario's lines stand where its name stood, so that what comes behind it has the last word.</summary>
    private static IEnumerable<string> Expanded(IReadOnlyList<string> given)
    {
        for (var i = 0; i < given.Count; i++)
        {
            if (
                !given[i].Equals(Scenario, StringComparison.Ordinal)
                && !given[i].StartsWith($"{Scenario}=", StringComparison.Ordinal)
            )
            {
                yield return given[i];
                continue;
            }

            var name =
                given[i].Length > Scenario.Length ? given[i][(Scenario.Length + 1)..]
                : ++i < given.Count ? given[i]
                : throw new FormatException($"{Scenario} needs a value");
            foreach (var argument in SimulatorScenario.Arguments(name))
            {
                yield return argument;
            }
        }
    }

    private static SimulatorOptions Apply(SimulatorFlag flag, SimulatorOptions options, string value)
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
