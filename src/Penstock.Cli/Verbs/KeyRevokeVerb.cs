using System.CommandLine;
using Penstock.Cli.Output;
using Penstock.Cli.Parsing;

namespace Penstock.Cli.Verbs;

/// <summary><c>keys revoke</c>: refused from the next request on, still listed.</summary>
internal static class KeyRevokeVerb
{
    public static Command Build(VerbRunner runner)
    {
        var key = KeyVerbs.Existing();
        var workspace = Take.Word("--workspace", "The workspace in which to look for a name", "W");
        var command = new Command("revoke", "Refuse a key from now on") { key, workspace };
        runner.Bind(
            command,
            async call =>
            {
                var id = await Lookup.KeyAsync(call, call.Get(key), call.Get(workspace));
                var revoked = (await call.Client.RevokeKeyAsync(id, null, call.Cancel)).Value;
                KeyView.Show(call.Report, revoked);
                call.Report.Say($"Revoked key {revoked.Name} of workspace {revoked.Workspace}.");
            }
        );
        return command;
    }
}
