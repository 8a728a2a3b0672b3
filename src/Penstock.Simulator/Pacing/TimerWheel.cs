namespace Penstock.Simulator.Pacing;

/// <summary>
/// One timer for all waits: slots of a millisecond, constant cost to arm and to take out, no timer object per token.
/// Time is <see cref="Now"/>, in 100 ns units since the wheel was made.
/// </summary>
internal sealed class TimerWheel : IDisposable
{
    // 4096 slots of 1 ms: longer waits go round again, and the bitmap is 64 words.
    private const int SlotCount = 4096;
    private const long TickUnits = TimeSpan.TicksPerMillisecond;

    private readonly WheelItem?[] _slots = new WheelItem?[SlotCount];
    private readonly ulong[] _used = new ulong[SlotCount / 64];
    private readonly List<WheelItem> _due = [];
    private readonly Lock _sync = new();
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly ITimer _timer;
    private long _tick;
    private long _wakeTick = long.MaxValue;
    private bool _isFiring;

    public TimerWheel(TimeProvider time)
    {
        _time = time;
        _origin = time.GetTimestamp();
        _timer = time.CreateTimer(_ => Turn(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public long Now => _time.GetElapsedTime(_origin).Ticks;

    public void Add(WheelItem item, long at)
    {
        lock (_sync)
        {
            item.DueTick = Math.Max((at + TickUnits - 1) / TickUnits, _tick + 1);
            Link(item);
            if (!_isFiring && item.DueTick < _wakeTick)
            {
                Wake(item.DueTick);
            }
        }
    }

    /// <returns>False when the item was not armed, or fires just now.</returns>
    public bool Remove(WheelItem item)
    {
        lock (_sync)
        {
            return Unlink(item);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Turn()
    {
        lock (_sync)
        {
            _isFiring = true;
            var now = Now / TickUnits;
            // After a long pause every slot is looked at once, not every missed tick.
            for (var step = Math.Min(now - _tick, SlotCount); step > 0; step--)
            {
                Collect((int)((now - step + 1) % SlotCount), now);
            }

            _tick = Math.Max(_tick, now);
        }

        // Only this turn touches the list: the timer is armed again at its end.
        foreach (var item in _due)
        {
            item.Fire();
        }

        _due.Clear();
        lock (_sync)
        {
            _isFiring = false;
            Wake(NextTick());
        }
    }

    private void Collect(int slot, long now)
    {
        for (var item = _slots[slot]; item is not null; )
        {
            var next = item.Next;
            if (item.DueTick <= now)
            {
                Unlink(item);
                _due.Add(item);
            }

            item = next;
        }
    }

    private void Wake(long at)
    {
        _wakeTick = at;
        // Up to the next whole millisecond: a timer rounds down, and would fire too early to find anything.
        var units = Math.Max((at * TickUnits) - Now, 1);
        _timer.Change(
            at == long.MaxValue
                ? Timeout.InfiniteTimeSpan
                : TimeSpan.FromMilliseconds((units + TickUnits - 1) / TickUnits),
            Timeout.InfiniteTimeSpan
        );
    }

    /// <summary>The earliest tick whose slot is used; an item for a later round only costs an early look.</summary>
    private long NextTick()
    {
        for (var step = 1; step <= SlotCount; )
        {
            var slot = (int)((_tick + step) % SlotCount);
            var bits = _used[slot >> 6] >> (slot & 63);
            if (bits != 0)
            {
                return _tick + step + System.Numerics.BitOperations.TrailingZeroCount(bits);
            }

            step += 64 - (slot & 63);
        }

        return long.MaxValue;
    }

    private void Link(WheelItem item)
    {
        var slot = (int)(item.DueTick % SlotCount);
        item.Slot = slot;
        item.Previous = null;
        item.Next = _slots[slot];
        if (item.Next is not null)
        {
            item.Next.Previous = item;
        }

        _slots[slot] = item;
        _used[slot >> 6] |= 1UL << (slot & 63);
    }

    private bool Unlink(WheelItem item)
    {
        if (item.Slot < 0)
        {
            return false;
        }

        if (item.Previous is not null)
        {
            item.Previous.Next = item.Next;
        }
        else
        {
            _slots[item.Slot] = item.Next;
        }

        if (item.Next is not null)
        {
            item.Next.Previous = item.Previous;
        }

        if (_slots[item.Slot] is null)
        {
            _used[item.Slot >> 6] &= ~(1UL << (item.Slot & 63));
        }

        (item.Previous, item.Next, item.Slot) = (null, null, -1);
        return true;
    }
}
