using System.Runtime.InteropServices;

namespace Penstock.Routing;

/// <summary>An attempt that failed by the replica's own fault.</summary>
/// <param name="Reason">In words, for an operator.</param>
/// <param name="Began">Timestamp at which the attempt began.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ReplicaFailure(string Reason, long Began)
{
    /// <summary>The same request has failed there before: a prompt that an engine cannot digest is one sign, not many.</summary>
    public bool IsRepeated { get; init; }
}
