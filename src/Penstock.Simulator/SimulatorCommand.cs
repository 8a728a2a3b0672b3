using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Penstock.Simulator.Faults;

namespace Penstock.Simulator;

/// <summary>
/// The simulator as a command: runs until it is told to stop. Exit codes: 0 stopped, 1 failed, 2 wrong usage.
/// </summary>
public static class SimulatorCommand
{
    // The longest flag with its value; the meanings stand in one column.
    private static readonly int FlagWidth = SimulatorArguments.Flags.Max(f => f.Usage.Length);

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        if (args.Any(a => a is "--help" or "-h"))
        {
            await Console.Out.WriteAsync(Help());
            return 0;
        }

        SimulatorOptions options;
        try
        {
            options = SimulatorArguments.Read(args);
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync($"simulate: {e.Message} (--help shows the options)");
            return 2;
        }

        try
        {
            await using var server = SimulatorServer.Start(options);
            await Console.Error.WriteLineAsync(
                $"simulating {options.Dialect} on {server.Url} (models: {string.Join(", ", options.Models)})"
            );
            await StopRequestedAsync(cancellationToken);
            if (server.LatenessLine is { } line)
            {
                await Console.Error.WriteLineAsync(line);
            }

            return 0;
        }
        catch (SocketException e)
        {
            await Console.Error.WriteLineAsync(
                $"simulate: cannot listen on {options.Host}:{options.Port}: {e.Message}"
            );
            return 1;
        }
    }

    /// <summary>Options and directives, from their tables.</summary>
    public static string Help()
    {
        var text = new StringBuilder(
            "A pretend inference engine: real HTTP, real streaming, invented words.\n\nOptions:\n"
        );
        foreach (var flag in SimulatorArguments.Flags)
        {
            text.Append("  ").Append(flag.Usage.PadRight(FlagWidth)).Append(' ').Append(flag.Meaning).Append('\n');
        }

        text.Append("  ")
            .Append("--scenario NAME|FILE".PadRight(FlagWidth))
            .Append(
                $" such lines from a file, without dashes; there are {string.Join(", ", SimulatorScenario.Names)}\n"
            );
        text.Append(
            "\nDirectives, for one request in the header X-Sim: a=1;b or in the last user message as [[sim a=1 b]]:\n"
        );
        foreach (var directive in DirectiveTable.All)
        {
            Line(Form(directive.Name, directive.Value), directive.Meaning);
        }

        text.Append("\nSelectors, with --sim and /sim/faults: \"nth=3 cut=4 | p=0.1 status=503\" are two rules:\n");
        foreach (var selector in SelectorTable.All)
        {
            Line(Form(selector.Name, selector.Value), selector.Meaning);
        }

        return text.ToString();

        string Form(string name, string value) => value.Length == 0 ? name : $"{name}={value}";

        void Line(string form, string meaning) =>
            text.Append("  ").Append(form.PadRight(26)).Append(' ').Append(meaning).Append('\n');
    }

    private static async Task StopRequestedAsync(CancellationToken cancellationToken)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.TrySetResult();
        }

        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        await using var cancelled = cancellationToken.Register(() => stop.TrySetResult());
        await stop.Task;
    }
}
