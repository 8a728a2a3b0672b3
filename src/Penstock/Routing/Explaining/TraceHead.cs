namespace Penstock.Routing.Explaining;

/// <summary>What the head of a trace says beside its numbers.</summary>
[Flags]
internal enum TraceHead
{
    Plain = 0,

    /// <summary>It had a place in a line.</summary>
    Waited = 1,

    /// <summary>There was a first byte: its time follows.</summary>
    FirstByte = 2,
}
