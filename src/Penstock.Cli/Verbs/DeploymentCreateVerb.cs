using System.CommandLine;
using Penstock.Cli.Output;
using Penstock.Cli.Parsing;
using Penstock.Contracts;

namespace Penstock.Cli.Verbs;

/// <summary><c>deployments create</c>.</summary>
internal static class DeploymentCreateVerb
{
    public static Command Build(VerbRunner runner)
    {
        var id = new Option<Guid?>("--id") { Description = "An id of your own; without: a new one", HelpName = "UUID" };
        var workspace = Take.RequiredWord("--workspace", "The workspace that sees it; '*': all of them", "W");
        var model = Take.RequiredWord("--model", "The name callers use", "M");
        var upstream = Take.Word("--upstream-model", "The name the engine knows (default: the same)", "U");
        var backend = Take.RequiredWord("--backend", "The engine's dialect, for example vllm or sglang", "B");
        var options = new DeploymentOptions(forCreation: true);
        var command = new Command("create", "Offer a model") { workspace, model, upstream, backend, id };
        options.AddTo(command);
        runner.Bind(
            command,
            async call =>
            {
                var body = Body(call, options) with
                {
                    Id = call.Get(id),
                    Workspace = call.Get(workspace),
                    Model = call.Get(model),
                    UpstreamModel = call.Get(upstream) ?? call.Get(model),
                    Backend = call.Get(backend),
                };
                var made = (await call.Client.CreateDeploymentAsync(body, call.Cancel)).Value;
                DeploymentView.Show(call.Report, made);
                call.Report.Say($"Created deployment {made.Id} of model {made.Model}.");
            }
        );
        return command;
    }

    private static CreateDeployment Body(VerbCall call, DeploymentOptions options) =>
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
