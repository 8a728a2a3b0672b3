using System.CommandLine;
using Penstock.Cli.Output;
using Penstock.Cli.Parsing;
using Penstock.Contracts;

namespace Penstock.Cli.Verbs;

/// <summary><c>keys rotate</c>: a new secret; the old one works until the grace is over.</summary>
internal static class KeyRotateVerb
{
    public static Command Build(VerbRunner runner)
    {
        var key = KeyVerbs.Existing();
        var workspace = Take.Word("--workspace", "The workspace in which to look for a name", "W");
        var grace = Take.DurationText("--grace", "How long the old secret goes on working (default 24h)");
        var command = new Command("rotate", "Give a key a new secret, shown once") { key, workspace, grace };
        runner.Bind(
            command,
            async call =>
            {
                var id = await Lookup.KeyAsync(call, call.Get(key), call.Get(workspace));
                var body = new RotateKey { Grace = call.Get(grace) };
                var rotated = (await call.Client.RotateKeyAsync(id, body, call.Cancel)).Value;
                KeyView.Show(call.Report, rotated);
                call.Report.Say(
                    $"Rotated key {rotated.Name}: the old secret works for {call.Get(grace) ?? "24h"} more."
                );
            }
        );
        return command;
    }
}
