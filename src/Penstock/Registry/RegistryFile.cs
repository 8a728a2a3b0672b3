using Penstock.Registry.Changes;

namespace Penstock.Registry;

/// <summary>What a declarative file says, with the place of every word of it.</summary>
internal sealed record RegistryFile(
    IReadOnlyList<Declared<Plan>> Plans,
    IReadOnlyList<Declared<WorkspaceSpec>> Workspaces,
    IReadOnlyList<Declared<KeySpec>> Keys,
    IReadOnlyList<Declared<DeploymentSpec>> Deployments
);
