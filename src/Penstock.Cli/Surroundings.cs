namespace Penstock.Cli;

/// <summary>What a verb sees of the machine it runs on; tests give it another one.</summary>
internal sealed record Surroundings
{
    /// <summary>Opened only by who reads it: opening it takes hold of the terminal.</summary>
    public required Func<TextReader> OpenIn { get; init; }

    public required TextWriter Out { get; init; }
    public required TextWriter Error { get; init; }
    public required Func<string, string?> Environment { get; init; }
    public required string CurrentDirectory { get; init; }
    public required TimeProvider Clock { get; init; }

    /// <summary>Whether a person sees the output, so that it may be styled.</summary>
    public required bool IsTerminal { get; init; }

    public static Surroundings OfProcess() =>
        new()
        {
            OpenIn = () => new StreamReader(Console.OpenStandardInput()),
            Out = Console.Out,
            Error = Console.Error,
            Environment = System.Environment.GetEnvironmentVariable,
            CurrentDirectory = System.Environment.CurrentDirectory,
            Clock = TimeProvider.System,
            IsTerminal = !Console.IsOutputRedirected,
        };

    /// <summary>A variable that is set to nothing counts as not set, as in a shell's <c>${NAME:-}</c>.</summary>
    public string? Variable(string name) => Environment(name) is { Length: > 0 } value ? value : null;
}
