using System.Runtime.InteropServices;

namespace Penstock.Routing;

/// <summary>The answer to who asks for a slot: a slot, a place in the line, or neither and why.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct Admission
{
    private Admission(ReplicaSlot? slot, QueuePlace? place, NoSlot refusal) =>
        (Slot, Place, Refusal) = (slot, place, refusal);

    public ReplicaSlot? Slot { get; }

    /// <summary>To be waited for, and given back when the wait is over.</summary>
    public QueuePlace? Place { get; }

    /// <summary>Only where there is neither slot nor place.</summary>
    public NoSlot Refusal { get; }

    public static implicit operator Admission(ReplicaSlot slot) => new(slot, null, default);

    public static implicit operator Admission(QueuePlace place) => new(null, place, default);

    public static implicit operator Admission(NoSlot refusal) => new(null, null, refusal);
}
