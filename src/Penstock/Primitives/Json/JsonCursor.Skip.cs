namespace Penstock.Primitives.Json;

internal ref partial struct JsonCursor
{
    /// <summary>Passes over a whole value of any kind, without recursion however deep it is nested.</summary>
    public bool SkipValue()
    {
        // One bit for each open container, set: an object. The bits outlive nothing but this call.
        Span<ulong> objects = stackalloc ulong[(MaxDepth / 64) + 1];
        var outside = _depth;
        do
        {
            if (!BeginValue(objects))
            {
                return false;
            }

            // Until a value begins, or the container in which this one stands is reached again.
            while (_depth > outside && !NextInContainer(objects))
            {
                if (Failed)
                {
                    return false;
                }
            }
        } while (_depth > outside);

        return true;
    }

    private bool BeginValue(scoped Span<ulong> objects)
    {
        switch (Peek())
        {
            case JsonKind.String:
                return ReadString(out _);
            case JsonKind.Number:
                return ReadNumber(out _, out _);
            case JsonKind.Boolean:
                return ReadBoolean(out _);
            case JsonKind.Null:
                return ReadNull();
            case JsonKind.Object when EnterObject():
                objects[_depth >> 6] |= 1UL << _depth;
                return true;
            case JsonKind.Array when EnterArray():
                objects[_depth >> 6] &= ~(1UL << _depth);
                return true;
            default:
                return FailHere();
        }
    }

    private bool NextInContainer(scoped ReadOnlySpan<ulong> objects) =>
        (objects[_depth >> 6] & (1UL << _depth)) != 0 ? NextName(out _) : NextElement();
}
