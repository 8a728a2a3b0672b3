using System.CommandLine;
using Penstock.Cli.Output;
using Penstock.Cli.Parsing;

namespace Penstock.Cli.Verbs;

/// <summary><c>keys list</c>.</summary>
internal static class KeyListVerb
{
    public static Command Build(VerbRunner runner)
    {
        var workspace = Take.Word("--workspace", "Only the keys of this workspace", "W");
        var command = new Command("list", "All keys, without their secrets") { workspace };
        runner.Bind(
            command,
            async call =>
            {
                var keys = await Paging.AllAsync(
                    (page, cancel) => call.Client.ListKeysAsync(call.Get(workspace), page, cancel),
                    call.Cancel
                );
                KeyView.Show(call.Report, keys, call.Surroundings.Clock.GetUtcNow());
            }
        );
        return command;
    }
}
