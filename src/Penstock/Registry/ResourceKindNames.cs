namespace Penstock.Registry;

/// <summary>How a kind is spelt in answers, audit rows and change lists.</summary>
internal static class ResourceKindNames
{
    public static string Name(this ResourceKind kind) =>
        kind switch
        {
            ResourceKind.Plan => "plan",
            ResourceKind.Workspace => "workspace",
            ResourceKind.Key => "key",
            ResourceKind.Deployment => "deployment",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of resource."),
        };
}
