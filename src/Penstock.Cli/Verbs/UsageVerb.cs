using System.CommandLine;
using Penstock.Cli.Output;
using Penstock.Cli.Parsing;
using Penstock.Contracts;

namespace Penstock.Cli.Verbs;

/// <summary><c>usage</c>.</summary>
internal static class UsageVerb
{
    private const string Model = "model";

    public static Command Build(VerbRunner runner)
    {
        var workspace = Take.Word("--workspace", "Only what the keys of this workspace used", "W");
        var by = Take.OneOf("--by", "What the sums are kept apart by; without it: model", Model, "key", "day");
        var since = Take.DurationText("--since", "How far back, to the hour; without it: 7d");
        var command = new Command("usage", "Requests, tokens and cost") { workspace, by, since };
        runner.Bind(
            command,
            async call =>
            {
                var query = new UsageQuery(call.Get(by) ?? Model, call.Get(since), call.Get(workspace));
                var rows = await Paging.AllAsync(
                    (page, cancel) => call.Client.ListUsageAsync(query, page, cancel),
                    call.Cancel
                );
                UsageView.Show(call.Report, rows, query.By!);
            }
        );
        return command;
    }
}
