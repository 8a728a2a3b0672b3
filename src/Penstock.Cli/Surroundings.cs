namespace Penstock.Cli;

/// <summary>What a verb sees of the machine it runs on; tests give it another one.</summary>
internal sealed record Surroundings
{
    public required TextReader In { get; init; }
    public required TextWriter Out { get; init; }
    public required TextWriter Error { get; init; }
    public required Func<string, string?> Environment { get; init; }
    public required string CurrentDirectory { get; init; }
    public required TimeProvider Clock { get; init; }

    /// <summary>Columns of the terminal that shows the output; null: a file or a pipe, which has no edge.</summary>
    public required int? Columns { get; init; }

    public static Surroundings OfProcess() =>
        new()
        {
            In = Console.In,
            Out = Console.Out,
            Error = Console.Error,
            Environment = System.Environment.GetEnvironmentVariable,
            CurrentDirectory = System.Environment.CurrentDirectory,
            Clock = TimeProvider.System,
            Columns = Console.IsOutputRedirected ? null : Math.Max(Console.WindowWidth, 40),
        };

    /// <summary>A variable that is set to nothing counts as not set, as in a shell's <c>${NAME:-}</c>.</summary>
    public string? Variable(string name) => Environment(name) is { Length: > 0 } value ? value : null;
}
