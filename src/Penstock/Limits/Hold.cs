using System.Runtime.InteropServices;

namespace Penstock.Limits;

/// <summary>What one account has set aside for one request, by each of its limits, and when.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Hold
{
    public required Moment At { get; init; }
    public required long Minute { get; init; }
    public required Outlay Day { get; init; }
    public required Outlay Month { get; init; }
    public required long Credit { get; init; }
}
