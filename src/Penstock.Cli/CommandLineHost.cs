using System.CommandLine;
using Penstock.Cli.Output;

namespace Penstock.Cli;

/// <summary>Runs a command line and turns whatever happens into the exit codes that the verbs promise.</summary>
public static class CommandLineHost
{
    /// <summary>0 done, 1 refused or failed, 2 wrong usage; otherwise what the verb itself returned.</summary>
    public static Task<int> RunAsync(RootCommand root, string[] args) =>
        RunAsync(root, args, Surroundings.OfProcess(), CancellationToken.None);

    internal static async Task<int> RunAsync(
        RootCommand root,
        string[] args,
        Surroundings surroundings,
        CancellationToken cancel
    )
    {
        var parse = root.Parse(args);
        if (parse.Errors.Count > 0)
        {
            foreach (var error in parse.Errors)
            {
                await surroundings.Error.WriteLineAsync($"error: {Printable.Of(error.Message)}");
            }

            await surroundings.Error.WriteLineAsync(UsageHint.For(parse));
            return ExitCodes.WrongUsage;
        }

        var configuration = new InvocationConfiguration
        {
            Output = surroundings.Out,
            Error = surroundings.Error,
            // A verb that throws what it did not foresee has a bug: the stack trace is the report.
            EnableDefaultExceptionHandler = false,
            // Signals belong to the verb: a server drains for longer than the library would wait before it kills.
            ProcessTerminationTimeout = null,
        };
        return await parse.InvokeAsync(configuration, cancel);
    }
}
