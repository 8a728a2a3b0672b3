using System.CommandLine;
using System.Runtime.InteropServices;
using Penstock.Cli.Connection;
using Penstock.Cli.Output;
using Penstock.Contracts;

namespace Penstock.Cli;

/// <summary>Gives a verb its client and its output, and turns every failure into a message and an exit code.</summary>
internal sealed class VerbRunner(ServerOptions options, Surroundings surroundings)
{
    /// <summary>An apply of ten thousand resources takes seconds; a minute without an answer is a server in trouble.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    public TimeProvider Clock => surroundings.Clock;

    public void Bind(Command command, Func<VerbCall, Task> verb) =>
        command.SetAction((parse, cancel) => RunAsync(parse, verb, cancel));

    private async Task<int> RunAsync(ParseResult parse, Func<VerbCall, Task> verb, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        var failures = new FailureReport(surroundings.Error);
        ServerAddress? server = null;
        try
        {
            server = ServerAddress.From(parse, options, surroundings);
            using var client = ManagementClient.Connect(server.Url, server.Token.Value, Timeout);
            var report = new Report(surroundings, parse.GetValue(options.Json));
            await verb(new VerbCall(parse, client, report, surroundings, stop.Token));
            await surroundings.Out.FlushAsync(CancellationToken.None);
            return ExitCodes.Done;
        }
        catch (VerbFailure e)
        {
            failures.Write(e.Message);
            return e.ExitCode;
        }
        catch (ManagementException e)
        {
            failures.Write(e, server!.Token);
        }
        catch (HttpRequestException e)
        {
            failures.Write(Unreachable.Explain(server!.Url, e));
        }
        catch (TimeoutException e)
        {
            failures.Write(e.Message);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            failures.Write("interrupted; a change that was under way may have been made.");
            return ExitCodes.Interrupted;
        }

        return ExitCodes.Failed;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }
}
