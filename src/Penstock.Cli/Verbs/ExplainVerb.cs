using System.CommandLine;
using Penstock.Cli.Output;

namespace Penstock.Cli.Verbs;

/// <summary><c>explain</c>: how a request was routed.</summary>
internal static class ExplainVerb
{
    public static Command Build(VerbRunner runner)
    {
        var request = new Argument<string>("REQUEST_ID") { Description = "As in X-Request-Id and in the log" };
        var command = new Command("explain", "How a request was routed, and why") { request };
        runner.Bind(
            command,
            async call =>
                ExplanationView.Show(
                    call.Report,
                    (await call.Client.ExplainRequestAsync(call.Get(request), call.Cancel)).Value
                )
        );
        return command;
    }
}
