using System.CommandLine;
using Penstock.Cli.Output;
using Penstock.Cli.Parsing;
using Penstock.Contracts;

namespace Penstock.Cli.Verbs;

/// <summary><c>workspaces list|create|set|delete</c>.</summary>
internal static class WorkspaceVerbs
{
    public static Command Build(VerbRunner runner) =>
        new("workspaces", "Tenants: keys and models belong to one")
        {
            List(runner),
            Create(runner),
            Set(runner),
            WorkspaceCreditVerb.Build(runner),
            Delete(runner),
        };

    private static Command List(VerbRunner runner)
    {
        var command = new Command("list", "All workspaces");
        runner.Bind(
            command,
            async call =>
                WorkspaceView.Show(call.Report, await Paging.AllAsync(call.Client.ListWorkspacesAsync, call.Cancel))
        );
        return command;
    }

    private static Command Create(VerbRunner runner)
    {
        var name = new Argument<string>("NAME") { Description = "The new workspace's name" };
        var plan = Take.Word("--plan", "starter, pro, team, enterprise or one of your own", "PLAN");
        var limits = new AllowanceOptions();
        var command = new Command("create", "Make a workspace") { name, plan };
        limits.AddTo(command);
        runner.Bind(
            command,
            async call =>
            {
                var body = new CreateWorkspace
                {
                    Name = call.Get(name),
                    Plan = call.Get(plan),
                    Limits = limits.Of(call),
                };
                var made = (await call.Client.CreateWorkspaceAsync(body, call.Cancel)).Value;
                WorkspaceView.Show(call.Report, made);
                call.Report.Say($"Created workspace {made.Name}.");
            }
        );
        return command;
    }

    private static Command Set(VerbRunner runner)
    {
        var workspace = Existing();
        var name = Take.Word("--name", "A new name", "NAME");
        var plan = Take.Word("--plan", "Another plan", "PLAN");
        var limits = new AllowanceOptions();
        var command = new Command("set", "Change a workspace") { workspace, name, plan };
        limits.AddTo(command);
        Rules.AtLeastOne(command, [name, plan, .. limits.All]);
        runner.Bind(
            command,
            async call =>
            {
                var body = new UpdateWorkspace
                {
                    Name = call.Get(name),
                    Plan = call.Get(plan),
                    Limits = limits.Of(call),
                };
                var changed = await call.Client.UpdateWorkspaceAsync(call.Get(workspace), body, null, call.Cancel);
                WorkspaceView.Show(call.Report, changed.Value);
                call.Report.Say($"Changed workspace {changed.Value.Name}.");
            }
        );
        return command;
    }

    private static Command Delete(VerbRunner runner)
    {
        var workspace = Existing();
        var command = new Command("delete", "Delete a workspace") { workspace };
        runner.Bind(
            command,
            async call =>
            {
                await call.Client.DeleteWorkspaceAsync(call.Get(workspace), null, call.Cancel);
                call.Report.Deleted("workspace", call.Get(workspace));
            }
        );
        return command;
    }

    private static Argument<string> Existing() => new("WORKSPACE") { Description = "Name or id" };
}
