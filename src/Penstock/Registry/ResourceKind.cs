namespace Penstock.Registry;

/// <summary>The kinds of things the registry holds, parents before children.</summary>
internal enum ResourceKind
{
    Plan,
    Workspace,
    Key,
    Deployment,
}
