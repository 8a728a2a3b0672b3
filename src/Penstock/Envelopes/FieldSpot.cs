using System.Runtime.InteropServices;

namespace Penstock.Envelopes;

/// <summary>Where a field's value stands in the body; the default: the name does not occur.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FieldSpot(int Start, int Length, bool IsNull)
{
    public bool IsAbsent => Length == 0;

    /// <summary>Present and not null.</summary>
    public bool IsGiven => Length != 0 && !IsNull;

    public int End => Start + Length;
}
