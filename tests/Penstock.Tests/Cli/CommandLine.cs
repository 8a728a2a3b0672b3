using System.CommandLine;
using Microsoft.Extensions.Time.Testing;
using Penstock.Cli;

namespace Penstock.Tests.Cli;

/// <summary>Runs the verbs as a shell would, in surroundings of the test's own.</summary>
internal sealed class CommandLine
{
    public static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public Dictionary<string, string> Environment { get; } = [];

    public string Directory { get; init; } = Path.Combine(Path.GetTempPath(), "penstock-no-such-folder");

    public TextReader In { get; init; } = new StringReader("");

    /// <summary>Against one server, with a token.</summary>
    public static CommandLine To(FakeManagementServer server) =>
        new() { Environment = { ["PENSTOCK_SERVER"] = server.Url.ToString(), ["PENSTOCK_ADMIN_TOKEN"] = "t0ken" } };

    /// <summary>Words are cut at blanks.</summary>
    public Task<CliOutcome> RunAsync(string line) => RunUntilAsync(TestContext.Current.CancellationToken, line);

    /// <summary>Until Ctrl-C.</summary>
    public async Task<CliOutcome> RunUntilAsync(CancellationToken cancel, string line)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var surroundings = new Surroundings
        {
            OpenIn = () => In,
            Out = output,
            Error = error,
            Environment = name => Environment.GetValueOrDefault(name),
            CurrentDirectory = Directory,
            Clock = new FakeTimeProvider(Now),
            IsTerminal = false,
        };
        var root = new RootCommand("Penstock");
        ManagementVerbs.AddTo(root, surroundings);
        var exitCode = await CommandLineHost.RunAsync(root, line.Split(' '), surroundings, cancel);
        return new CliOutcome(exitCode, output.ToString(), error.ToString());
    }
}
