using System.CommandLine;
using Penstock.Cli.Output;

namespace Penstock.Cli.Verbs;

/// <summary><c>deployments probe</c>: finds out what each replica really does.</summary>
internal static class DeploymentProbeVerb
{
    public static Command Build(VerbRunner runner)
    {
        var deployment = DeploymentVerbs.Existing();
        var workspace = DeploymentVerbs.LookupWorkspace();
        var command = new Command("probe", "Find out what each replica can do: a dozen calls, forty tokens")
        {
            deployment,
            workspace,
        };
        runner.Bind(
            command,
            async call =>
            {
                var id = await Lookup.DeploymentAsync(call, call.Get(deployment), call.Get(workspace));
                var states = (await call.Client.ProbeDeploymentAsync(id, call.Cancel)).Data;
                CardView.Show(call.Report, states);
                var failed = states.Where(state => state.Problem is not null).ToList();
                if (failed.Count > 0)
                {
                    throw VerbFailure.Failed(
                        string.Join("; ", failed.Select(state => $"{state.Url} could not be probed: {state.Problem}"))
                    );
                }

                call.Report.Say(states.Count == 1 ? "Probed 1 replica." : $"Probed {states.Count} replicas.");
            }
        );
        return command;
    }
}
