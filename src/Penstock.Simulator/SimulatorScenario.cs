using System.Reflection;

namespace Penstock.Simulator;

/// <summary>
/// A scenario: dialect, options and faults under one name, as a text file. Each line is a flag of the command line without its dashes, with its value behind a blank;
/// <c>#</c> begins a comment; each <c>sim</c> line is a rule of its own.
/// </summary>
public static class SimulatorScenario
{
    private const string Folder = "Penstock.Simulator.Scenarios.";
    private const string Ending = ".scenario";

    /// <summary>The scenarios that come with the simulator.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Assembly
            .GetExecutingAssembly()
            .GetManifestResourceNames()
            .Where(n => n.StartsWith(Folder, StringComparison.Ordinal) && n.EndsWith(Ending, StringComparison.Ordinal))
            .Select(n => n[Folder.Length..^Ending.Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <param name="name">A name of <see cref="Names"/>, or a file's path.</param>
    /// <exception cref="FormatException">There is no such scenario, or a line of it has a mistake.</exception>
    public static SimulatorOptions Options(string name) =>
        SimulatorArguments.Read(["--scenario", name]) with
        {
            Port = 0,
        };

    /// <summary>The lines as arguments of the command line.</summary>
    /// <exception cref="FormatException">As <see cref="Options"/>.</exception>
    internal static IEnumerable<string> Arguments(string name)
    {
        var number = 0;
        foreach (var line in Text(name).Split('\n'))
        {
            number++;
            var words = line.Split('#')[0].Trim().Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries);
            if (words is [])
            {
                continue;
            }

            var value = words.Length == 1 ? "" : words[1].Trim();
            yield return words[0] switch
            {
                "scenario" => throw new FormatException($"line {number} of scenario {name}: a scenario holds no other"),
                // What follows begins a rule of its own.
                "sim" => $"--sim=| {value}",
                var flag when value.Length == 0 => $"--{flag}",
                var flag => $"--{flag}={value}",
            };
        }
    }

    private static string Text(string name)
    {
        using var known = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{Folder}{name}{Ending}");
        if (known is not null)
        {
            using var reader = new StreamReader(known);
            return reader.ReadToEnd();
        }

        try
        {
            return File.ReadAllText(name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new FormatException(
                $"no such scenario '{name}': there are {string.Join(", ", Names)}, or give a file ({e.Message})",
                e
            );
        }
    }
}
