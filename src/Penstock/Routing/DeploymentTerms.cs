using Penstock.Engines;
using Penstock.Envelopes;

namespace Penstock.Routing;

/// <summary>What a deployment and the kind of its engine ask of a request's body.</summary>
internal static class DeploymentTerms
{
    public static EnvelopeTerms Of(Deployment deployment, Engine engine) =>
        new()
        {
            UpstreamModel = deployment.UpstreamModel,
            MaxTokens = deployment.Defaults.MaxTokens,
            Temperature = deployment.Defaults.Temperature,
            TopP = engine.Fields.RefusesTopPOfOne && deployment.Defaults.TopP == 1 ? null : deployment.Defaults.TopP,
            TopLogprobs = deployment.Limits.TopLogprobs,
            N = Math.Min(deployment.Limits.N, engine.Fields.MostChoices ?? deployment.Limits.N),
            LeftOut = engine.Fields.LeftOut,
            RefusesNulls = engine.Fields.RefusesNulls,
            KnowsMaxTokensOnly = engine.Fields.KnowsMaxTokensOnly,
            RefusesTopPOfOne = engine.Fields.RefusesTopPOfOne,
            WantsStopAsList = engine.Fields.WantsStopAsList,
            ToolChoice =
                engine.Fields.IgnoresToolChoice ? ToolChoices.Ignored
                : engine.Fields.IgnoresNamedToolChoice ? ToolChoices.Words
                : ToolChoices.All,
        };
}
