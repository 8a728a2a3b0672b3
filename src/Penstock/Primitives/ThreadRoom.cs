namespace Penstock.Primitives;

/// <summary>
/// Memory of this thread, for bytes that are done with before anybody else gets his turn on it: whoever waits, or
/// calls somebody who might want it too, must have copied what he still needs.
/// </summary>
internal static class ThreadRoom
{
    /// <summary>Head and body of a usual request, and more than a socket usually brings in one read.</summary>
    public const int Length = 64 * 1024;

    [ThreadStatic]
    private static byte[]? _bytes;

    /// <summary>Whatever it was used for last is still in it.</summary>
    public static Span<byte> Bytes => _bytes ??= GC.AllocateUninitializedArray<byte>(Length);
}
