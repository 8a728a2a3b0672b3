using System.Runtime.InteropServices;

namespace Penstock.Envelopes;

/// <summary>The integers that a field takes, both ends included.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct IntegerRange(long Least, long Most)
{
    public static IntegerRange AtLeast(long least) => new(least, long.MaxValue);

    public static IntegerRange Int64 { get; } = new(long.MinValue, long.MaxValue);

    public override string ToString() =>
        (Least, Most) switch
        {
            (long.MinValue, long.MaxValue) => "an integer of 64 bits",
            (_, long.MaxValue) => $"an integer of at least {Least}",
            _ => $"an integer between {Least} and {Most}",
        };
}
