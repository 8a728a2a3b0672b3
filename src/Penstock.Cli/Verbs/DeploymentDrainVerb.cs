using System.CommandLine;
using Penstock.Cli.Output;
using Penstock.Cli.Parsing;
using Penstock.Contracts;

namespace Penstock.Cli.Verbs;

/// <summary><c>deployments drain</c>: nothing new, and what runs ends.</summary>
internal static class DeploymentDrainVerb
{
    public static Command Build(VerbRunner runner)
    {
        var deployment = DeploymentVerbs.Existing();
        var workspace = DeploymentVerbs.LookupWorkspace();
        var replica = Take.Word("--replica", "The address of one replica (default: all of them)", "URL");
        var undo = Take.Flag("--undo", "Puts it back into use");
        var command = new Command("drain", "Give replicas nothing new and let what runs on them end")
        {
            deployment,
            workspace,
            replica,
            undo,
        };
        runner.Bind(
            command,
            async call =>
            {
                var id = await Lookup.DeploymentAsync(call, call.Get(deployment), call.Get(workspace));
                var body = new DrainDeployment { Replica = call.Get(replica), Undo = call.Get(undo) };
                var changed = (await call.Client.DrainDeploymentAsync(id, body, call.Cancel)).Value;
                DeploymentView.Show(call.Report, changed);
                var what = call.Get(replica) is { } url ? $"replica {url}" : "all replicas";
                call.Report.Say(
                    call.Get(undo)
                        ? $"Put {what} of model {changed.Model} back into use."
                        : $"Draining {what} of model {changed.Model}: 'deployments show' tells what still runs."
                );
            }
        );
        return command;
    }
}
