namespace Penstock.Routing.Explaining;

/// <summary>Which members of a step follow its first byte, whose lower four bits are the kind.</summary>
[Flags]
internal enum TraceMembers
{
    None = 0,
    Route = 1 << 4,
    Replica = 1 << 5,
    Text = 1 << 6,
    Status = 1 << 7,
    All = Route | Replica | Text | Status,
}
