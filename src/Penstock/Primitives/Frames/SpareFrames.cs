namespace Penstock.Primitives.Frames;

/// <summary>The spare frames of one method on this thread.</summary>
internal static class SpareFrames<TMethod>
{
    /// <summary>
    /// Requests that wait at the same time on one event loop are rarely more where they are short; frames of a third of
    /// a kilobyte, so some 40 KB a method and thread. Further ones are the collector's.
    /// </summary>
    public const int Most = 128;

    [ThreadStatic]
    private static SpareFrame? _top;

    public static SpareFrame? Take()
    {
        if (_top is not { } top)
        {
            return null;
        }

        (_top, top.Next) = (top.Next, null);
        return top;
    }

    public static void Put(SpareFrame frame)
    {
        var depth = _top is { } top ? top.Depth + 1 : 1;
        if (depth <= Most)
        {
            (frame.Next, frame.Depth) = (_top, depth);
            _top = frame;
        }
    }
}
