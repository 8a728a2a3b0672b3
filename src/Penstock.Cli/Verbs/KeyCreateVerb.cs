using System.CommandLine;
using Penstock.Cli.Output;
using Penstock.Cli.Parsing;
using Penstock.Contracts;

namespace Penstock.Cli.Verbs;

/// <summary><c>keys create</c>: the one place but rotation where a secret is seen.</summary>
internal static class KeyCreateVerb
{
    public static Command Build(VerbRunner runner)
    {
        var workspace = Take.RequiredWord("--workspace", "The workspace it belongs to", "W");
        var name = Take.Word("--name", "What to call it in lists and logs", "N");
        var grants = new KeyGrantOptions(runner.Clock, forCreation: true);
        var sha256 = Take.Word("--sha256", "Hash of a key you already have, 64 hex digits", "HEX");
        var secretEnv = Take.Word("--secret-env", "Variable here that holds a key you already have", "VARIABLE");
        var command = new Command("create", "Make a key; its secret is shown once") { workspace, name };
        grants.AddTo(command);
        command.Add(sha256);
        command.Add(secretEnv);
        Rules.AtMostOne(command, sha256, secretEnv);
        runner.Bind(
            command,
            async call =>
            {
                var body = new CreateKey
                {
                    Workspace = call.Get(workspace),
                    Name = call.Get(name),
                    RequestsPerMinute = call.Get(grants.RequestsPerMinute).Or(null),
                    Burst = call.Get(grants.Burst).Or(null),
                    Models = call.Get(grants.Models),
                    Permissions = call.Get(grants.Permissions),
                    ExpiresAt = call.Get(grants.Expires).Or(null),
                    Limits = grants.Limits.Of(call),
                    Sha256 = call.Get(sha256),
                    Secret = Secret(call, call.Get(secretEnv)),
                };
                var key = (await call.Client.CreateKeyAsync(body, call.Cancel)).Value;
                KeyView.Show(call.Report, key);
                call.Report.Say($"Created key {key.Name} in workspace {key.Workspace}.");
            }
        );
        return command;
    }

    private static string? Secret(VerbCall call, string? variable) =>
        variable is null ? null
        : call.Surroundings.Variable(variable) is { } secret ? secret
        : throw VerbFailure.Failed($"--secret-env: the variable {variable} is not set.");
}
