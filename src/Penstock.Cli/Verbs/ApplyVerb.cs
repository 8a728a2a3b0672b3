using System.CommandLine;
using System.Text;
using Penstock.Cli.Output;
using Penstock.Cli.Parsing;
using Penstock.Contracts;

namespace Penstock.Cli.Verbs;

/// <summary><c>apply</c>: makes the registry equal to a declarative file.</summary>
internal static class ApplyVerb
{
    public static Command Build(VerbRunner runner)
    {
        var file = new Option<string>("--file", "-f")
        {
            Description = "The declarative file, YAML or JSON; - reads stdin",
            HelpName = "FILE",
            Required = true,
        };
        var prune = Take.Flag("--prune", "Delete what the file does not name");
        var dryRun = Take.Flag("--dry-run", "Only show what would change");
        var command = new Command("apply", "Make the registry equal to a declarative file") { file, prune, dryRun };
        runner.Bind(
            command,
            async call =>
            {
                var document = await DocumentText.ReadAsync(call.Get(file)!, call.Surroundings, call.Cancel);
                var result = await call.Client.ApplyAsync(document, call.Get(prune), call.Get(dryRun), call.Cancel);
                Show(call.Report, result, call.Get(dryRun));
            }
        );
        return command;
    }

    private static void Show(Report report, ApplyResult result, bool dryRun)
    {
        if (report.IsJson)
        {
            report.Json(result, ContractsJson.Default.ApplyResult);
            return;
        }

        if (result.Changes.Count == 0)
        {
            report.Say("Nothing to change.");
            return;
        }

        report.Table(
            ["action", "kind", "name", "detail"],
            result.Changes.Select(c => (IReadOnlyList<string>)[c.Action, c.Kind, c.Name, c.Detail ?? ""])
        );
        report.Say(Summary(result.Changes, dryRun));
    }

    private static string Summary(IReadOnlyList<ApplyChange> changes, bool dryRun)
    {
        var text = new StringBuilder(dryRun ? "Dry run, nothing was changed. Would be: " : "Done: ");
        text.AppendJoin(", ", changes.CountBy(c => c.Action).Select(count => $"{count.Value} {count.Key}"));
        return text.Append('.').ToString();
    }
}
