using System.CommandLine;
using Penstock.Cli.Output;
using Penstock.Cli.Parsing;
using Penstock.Contracts;

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
                await WarnOfPredecessorAsync(call, revoked);
            }
        );
        return command;
    }

    /// <summary>Within the grace of a rotation the old secret works on: whoever revokes a leaked key must know.</summary>
    private static async Task WarnOfPredecessorAsync(VerbCall call, KeyResource revoked)
    {
        if (revoked.RotatedFrom is not { } id)
        {
            return;
        }

        try
        {
            var old = (await call.Client.GetKeyAsync(id.ToString(), call.Cancel)).Value;
            if (old.RevokedAt is null && !(old.ExpiresAt <= call.Surroundings.Clock.GetUtcNow()))
            {
                call.Report.Say(
                    $"The key it was rotated from still works, until {Moment.Of(old.ExpiresAt, "it is revoked")}. "
                        + $"To end it too: penstock keys revoke {id}"
                );
            }
        }
        catch (ManagementException e) when (e.Status == 404)
        {
            // Deleted since: it works no more.
        }
    }
}
