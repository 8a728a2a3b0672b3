namespace Penstock.Simulator.Engine;

/// <summary>Who is served before whom: by priority as this engine reads it, then by arrival.</summary>
internal sealed class ServiceOrder(PriorityOrder order) : IComparer<Generation>
{
    public int Compare(Generation? x, Generation? y)
    {
        var byPriority = order switch
        {
            PriorityOrder.LowFirst => x!.Priority.CompareTo(y!.Priority),
            PriorityOrder.HighFirst => y!.Priority.CompareTo(x!.Priority),
            _ => 0,
        };
        return byPriority != 0 ? byPriority : x!.Number.CompareTo(y!.Number);
    }
}
