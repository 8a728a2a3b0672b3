using System.CommandLine;

namespace Penstock.Cli.Verbs;

/// <summary><c>export</c>: the registry as a declarative file.</summary>
internal static class ExportVerb
{
    public static Command Build(VerbRunner runner)
    {
        var command = new Command("export", "The registry as a declarative file, without secrets");
        runner.Bind(
            command,
            async call =>
            {
                var document = await call.Client.ExportAsync(call.Report.IsJson, call.Cancel);
                call.Report.Line(document.TrimEnd());
            }
        );
        return command;
    }
}
