using System.Globalization;

namespace Penstock.Benchmarks.Load;

/// <summary>What the command line of <c>load</c> says. Bounded: a slip must not take a machine down.</summary>
internal sealed record LoadOptions
{
    public const string Usage = """
        load [--seconds 5] [--connections 64] [--rate 2000] [--streams 400] [--many 2000] [--aborts 500]

        Starts pretend engines and the gateway on loopback and measures the gateway beside a direct run.
        """;

    /// <summary>Counted seconds of each row.</summary>
    public int Seconds { get; private init; } = 5;

    /// <summary>Connections of the closed loop.</summary>
    public int Connections { get; private init; } = 64;

    /// <summary>Requests a second of the open loop.</summary>
    public int Rate { get; private init; } = 2_000;

    /// <summary>Streams of 50 tokens a second.</summary>
    public int Streams { get; private init; } = 400;

    /// <summary>Streams of 2 tokens a second, for memory.</summary>
    public int Many { get; private init; } = 2_000;

    /// <summary>Streams that are left in the middle.</summary>
    public int Aborts { get; private init; } = 500;

    /// <returns>Null when the arguments are not understood.</returns>
    public static LoadOptions? Parse(string[] arguments)
    {
        var options = new LoadOptions();
        for (var at = 0; at < arguments.Length && options is not null; at += 2)
        {
            options =
                at + 1 < arguments.Length && TryRead(arguments[at + 1], out var number)
                    ? options.With(arguments[at], number)
                    : null;
        }
        return options;
    }

    private LoadOptions? With(string name, int number) =>
        name switch
        {
            "--seconds" when number <= 60 => this with { Seconds = number },
            "--connections" when number <= 1_000 => this with { Connections = number },
            "--rate" when number <= 20_000 => this with { Rate = number },
            "--streams" when number <= 5_000 => this with { Streams = number },
            "--many" when number <= 9_000 => this with { Many = number },
            "--aborts" when number <= 2_000 => this with { Aborts = number },
            _ => null,
        };

    private static bool TryRead(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
}
