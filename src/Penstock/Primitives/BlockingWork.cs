namespace Penstock.Primitives;

/// <summary>
/// Keeps work that waits (for a disk, a lock of another process) off the threads on which every stream of a processor
/// waits: there it throws instead of stalling them, so that a test finds it and not a caller.
/// </summary>
internal static class BlockingWork
{
    [ThreadStatic]
    private static bool _forbidden;

    /// <summary>From now on this thread is one of those.</summary>
    public static void ForbidHere() => _forbidden = true;

    /// <summary>To be called before anything that may wait.</summary>
    public static void Begin()
    {
        if (_forbidden)
        {
            throw new InvalidOperationException(
                "Work that may block was begun on an event loop: every stream of its processor would wait for it."
            );
        }
    }
}
