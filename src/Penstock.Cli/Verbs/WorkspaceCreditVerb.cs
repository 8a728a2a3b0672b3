using System.CommandLine;
using System.Globalization;
using Penstock.Cli.Output;
using Penstock.Cli.Parsing;
using Penstock.Contracts;

namespace Penstock.Cli.Verbs;

/// <summary><c>workspaces credit</c>: from the first one on, a workspace pays beforehand.</summary>
internal static class WorkspaceCreditVerb
{
    public static Command Build(VerbRunner runner)
    {
        var workspace = new Argument<string>("NAME") { Description = "Name or id" };
        var amount = new Argument<decimal?>("AMOUNT")
        {
            Description = "In the currency of the prices; a correction is negative: -- -5",
            CustomParser = Take.ParseAmount,
        };
        var command = new Command("credit", "Add to a workspace's prepaid balance") { workspace, amount };
        runner.Bind(
            command,
            async call =>
            {
                var body = new CreditWorkspace { Amount = call.Get(amount) };
                var changed = await call.Client.CreditWorkspaceAsync(call.Get(workspace), body, call.Cancel);
                WorkspaceView.Show(call.Report, changed.Value);
                var added = body.Amount?.ToString(CultureInfo.InvariantCulture);
                call.Report.Say($"Credited workspace {changed.Value.Name} with {added}.");
            }
        );
        return command;
    }
}
