using System.CommandLine;
using Penstock.Cli.Output;
using Penstock.Cli.Parsing;
using Penstock.Contracts;

namespace Penstock.Cli.Verbs;

/// <summary><c>deployments set</c>: what is not named stays as it is.</summary>
internal static class DeploymentSetVerb
{
    public static Command Build(VerbRunner runner)
    {
        var deployment = DeploymentVerbs.Existing();
        var workspace = DeploymentVerbs.LookupWorkspace();
        var model = Take.Word("--model", "Another name for callers", "M");
        var upstream = Take.Word("--upstream-model", "Another name for the engine", "U");
        var backend = Take.Word("--backend", "Another dialect", "B");
        var options = new DeploymentOptions(forCreation: false);
        var command = new Command("set", "Change a deployment") { deployment, workspace, model, upstream, backend };
        options.AddTo(command);
        Rules.AtLeastOne(command, [model, upstream, backend, .. options.All]);
        runner.Bind(
            command,
            async call =>
            {
                var id = await Lookup.DeploymentAsync(call, call.Get(deployment), call.Get(workspace));
                var body = Body(call, options) with
                {
                    Model = call.Get(model),
                    UpstreamModel = call.Get(upstream),
                    Backend = call.Get(backend),
                };
                var changed = (await call.Client.UpdateDeploymentAsync(id, body, null, call.Cancel)).Value;
                DeploymentView.Show(call.Report, changed);
                call.Report.Say($"Changed deployment {changed.Id} of model {changed.Model}.");
            }
        );
        return command;
    }

    private static UpdateDeployment Body(VerbCall call, DeploymentOptions options) =>
        new()
        {
            Replicas = options.ReplicasOf(call),
            Limits = options.LimitsOf(call),
            Defaults = call.Get(options.Defaults),
            Timeouts = options.TimeoutsOf(call),
            Retry = options.RetryOf(call),
            Policy = call.Get(options.Policy),
            ShareCache = call.Get(options.ShareCache),
            EnginePriority = call.Get(options.EnginePriority),
            Continuity = call.Get(options.Continuity),
            Hedge = call.Get(options.Hedge),
            Price = call.Get(options.Price),
            Usage = call.Get(options.Usage),
            Fallbacks = options.FallbacksOf(call),
        };
}
