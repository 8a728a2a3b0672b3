using Penstock.Keys;

namespace Penstock.Registry.Changes;

/// <summary>What a person says of a workspace.</summary>
internal sealed record WorkspaceSpec(string Name, string Plan)
{
    public static WorkspaceSpec New { get; } = new("", ShippedPlans.Default);

    public Allowance Limits { get; init; } = Allowance.Unlimited;

    public static WorkspaceSpec Of(Workspace workspace) =>
        new(workspace.Name, workspace.Plan) { Limits = workspace.Limits };
}
