namespace Penstock.Primitives.Frames;

/// <summary>A frame as it lies among the spare ones.</summary>
internal abstract class SpareFrame
{
    /// <summary>Stands where a waiter would.</summary>
    protected static readonly Action<object?> Ended = static _ => { };

    public SpareFrame? Next { get; set; }

    /// <summary>How many lie from here on.</summary>
    public int Depth { get; set; }
}
