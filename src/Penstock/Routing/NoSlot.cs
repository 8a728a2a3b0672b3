using System.Runtime.InteropServices;

namespace Penstock.Routing;

/// <summary>Why a deployment takes no request now.</summary>
internal enum NoSlotReason
{
    /// <summary>All replicas are busy and the line is full, or somebody else's turn came first.</summary>
    QueueFull,

    /// <summary>Its time in the line is over.</summary>
    WaitedTooLong,

    /// <summary>No replica is fit to be asked.</summary>
    NoHealthyReplica,

    /// <summary>The engines want to be left alone for longer than somebody should wait here.</summary>
    BackingOff,

    /// <summary>The replicas are on their way.</summary>
    Starting,

    /// <summary>The operator has taken it out of use.</summary>
    Stopped,
}

/// <summary>A request got no slot.</summary>
/// <param name="RetryAfter">When another try makes sense; null: nobody knows.</param>
/// <param name="Words">What the replicas said of themselves, for a start; may be empty.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct NoSlot(NoSlotReason Reason, TimeSpan? RetryAfter, string Words = "");
