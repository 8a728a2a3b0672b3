using Penstock.Registry;
using Penstock.Routing;

namespace Penstock.Storage;

/// <summary>The part of a deployment that a store keeps as one JSON value. New members need a default.</summary>
internal sealed record DeploymentSettings
{
    public required DeploymentLimits Limits { get; init; }
    public required SamplingDefaults Defaults { get; init; }
    public required DeploymentTimeouts Timeouts { get; init; }
    public required int Attempts { get; init; }
    public DeploymentRouting Routing { get; init; } = new();
    public Continuity Continuity { get; init; } = Continuity.Auto;
    public required IReadOnlyList<string> Fallbacks { get; init; }

    public static DeploymentSettings Of(DeploymentRecord deployment) =>
        new()
        {
            Limits = deployment.Limits,
            Defaults = deployment.Defaults,
            Timeouts = deployment.Timeouts,
            Attempts = deployment.Attempts,
            Routing = deployment.Routing,
            Continuity = deployment.Continuity,
            Fallbacks = deployment.Fallbacks,
        };
}
