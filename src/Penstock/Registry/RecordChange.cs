namespace Penstock.Registry;

/// <summary>One record before and after a change: null before is a creation, null after a removal.</summary>
/// <param name="Id">The record's id; of a plan, its name.</param>
internal sealed record RecordChange(ResourceKind Kind, string Id, object? Before, object? After)
{
    public string Action =>
        (Before, After) switch
        {
            (null, _) => "create",
            (_, null) => "delete",
            _ => "update",
        };
}
