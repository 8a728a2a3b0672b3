using System.CommandLine;
using Penstock.Cli.Output;
using Penstock.Cli.Parsing;

namespace Penstock.Cli.Verbs;

/// <summary><c>deployments list|show|create|set|probe|delete</c>.</summary>
internal static class DeploymentVerbs
{
    public static Command Build(VerbRunner runner) =>
        new("deployments", "Models: where they are served and how they are used")
        {
            List(runner),
            Show(runner),
            DeploymentCreateVerb.Build(runner),
            DeploymentSetVerb.Build(runner),
            DeploymentProbeVerb.Build(runner),
            Delete(runner),
        };

    public static Argument<string> Existing() =>
        new("DEPLOYMENT") { Description = "The deployment's id, or its model's name" };

    public static Option<string?> LookupWorkspace() =>
        Take.Word("--workspace", "The workspace in which to look for a model", "W");

    private static Command List(VerbRunner runner)
    {
        var workspace = Take.Word("--workspace", "Only those of this workspace", "W");
        var command = new Command("list", "All deployments") { workspace };
        runner.Bind(
            command,
            async call =>
                DeploymentView.Show(
                    call.Report,
                    await Paging.AllAsync(
                        (page, cancel) => call.Client.ListDeploymentsAsync(call.Get(workspace), page, cancel),
                        call.Cancel
                    )
                )
        );
        return command;
    }

    private static Command Show(VerbRunner runner)
    {
        var deployment = Existing();
        var workspace = LookupWorkspace();
        var command = new Command("show", "One deployment, whole") { deployment, workspace };
        runner.Bind(
            command,
            async call =>
            {
                var id = await Lookup.DeploymentAsync(call, call.Get(deployment), call.Get(workspace));
                DeploymentView.Show(call.Report, (await call.Client.GetDeploymentAsync(id, call.Cancel)).Value);
            }
        );
        return command;
    }

    private static Command Delete(VerbRunner runner)
    {
        var deployment = Existing();
        var workspace = LookupWorkspace();
        var command = new Command("delete", "Delete a deployment") { deployment, workspace };
        runner.Bind(
            command,
            async call =>
            {
                var id = await Lookup.DeploymentAsync(call, call.Get(deployment), call.Get(workspace));
                await call.Client.DeleteDeploymentAsync(id, null, call.Cancel);
                call.Report.Deleted("deployment", id);
            }
        );
        return command;
    }
}
