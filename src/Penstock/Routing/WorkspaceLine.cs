namespace Penstock.Routing;

/// <summary>One workspace's part of the line: first come, first served among its own.</summary>
internal sealed class WorkspaceLine
{
    public LinkedList<QueuePlace> Places { get; } = [];

    /// <summary>Where all the work it has asked for ends, in virtual time.</summary>
    public double Finish { get; set; }
}
