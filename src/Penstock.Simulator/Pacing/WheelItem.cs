namespace Penstock.Simulator.Pacing;

/// <summary>
/// Something that happens at a time: a link in one slot of the <see cref="TimerWheel"/>, armed or not.
/// </summary>
internal abstract class WheelItem
{
    internal WheelItem? Previous;
    internal WheelItem? Next;
    internal int Slot = -1;
    internal long DueTick;

    /// <summary>Called on the wheel's thread after the item was taken out; must not block.</summary>
    internal abstract void Fire();
}
