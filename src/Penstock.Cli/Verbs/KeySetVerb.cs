using System.CommandLine;
using Penstock.Cli.Output;
using Penstock.Cli.Parsing;
using Penstock.Contracts;

namespace Penstock.Cli.Verbs;

/// <summary><c>keys set</c>: what is not named stays as it is.</summary>
internal static class KeySetVerb
{
    public static Command Build(VerbRunner runner)
    {
        var key = KeyVerbs.Existing();
        var workspace = Take.Word("--workspace", "The workspace in which to look for a name", "W");
        var name = Take.Word("--name", "A new name", "N");
        var grants = new KeyGrantOptions(runner.Clock, forCreation: false);
        var command = new Command("set", "Change a key") { key, workspace, name };
        grants.AddTo(command);
        Rules.AtLeastOne(command, [name, .. grants.All]);
        runner.Bind(
            command,
            async call =>
            {
                var id = await Lookup.KeyAsync(call, call.Get(key), call.Get(workspace));
                var body = Body(call, grants) with { Name = call.Get(name) };
                var changed = (await call.Client.UpdateKeyAsync(id, body, null, call.Cancel)).Value;
                KeyView.Show(call.Report, changed);
                call.Report.Say($"Changed key {changed.Name} of workspace {changed.Workspace}.");
            }
        );
        return command;
    }

    private static UpdateKey Body(VerbCall call, KeyGrantOptions grants) =>
        new()
        {
            RequestsPerMinute = call.Get(grants.RequestsPerMinute),
            Burst = call.Get(grants.Burst),
            Models = List(call.Get(grants.Models), call.Get(grants.AllModels)),
            Permissions = List(call.Get(grants.Permissions), call.Get(grants.NoPermissions)),
            ExpiresAt = call.Get(grants.Expires),
            Limits = grants.Limits.Of(call),
        };

    private static Optional<IReadOnlyList<string>?> List(IReadOnlyList<string>? names, bool clear) =>
        clear || names is not null ? new Optional<IReadOnlyList<string>?>(names) : default;
}
