using System.Runtime.InteropServices;

namespace Penstock.Routing.Explaining;

/// <summary>One step of a request's way. Members that a kind has no use for are empty.</summary>
/// <param name="At">Since the request's first step.</param>
/// <param name="Text">A word or sentence of ours, never of a caller or an engine.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TraceStep(TraceStepKind Kind, TimeSpan At)
{
    public TraceRoute? Route { get; init; }

    /// <summary>Its URL.</summary>
    public string? Replica { get; init; }

    public Standing Standing { get; init; }
    public float Load { get; init; }
    public float Score { get; init; }
    public int Status { get; init; }
    public string? Text { get; init; }
}
