using System.Runtime.InteropServices;

namespace Penstock.Limits;

/// <summary>A store's answer to one request, with all that the caller is told about it.</summary>
/// <param name="Granted">Whether the request may go on; a refused one has cost nothing.</param>
/// <param name="Limit">The budget of a minute.</param>
/// <param name="Remaining">
/// The budget less the requests granted in the last 60 seconds, this one included; 0 when refused.
/// </param>
/// <param name="ResetUnixSeconds">
/// The first whole second of Unix time at which the whole budget is there again if nothing more is asked: 60 seconds
/// after the last granted request, rounded up to where the count forgets it; the current second when nothing counts.
/// </param>
/// <param name="RetryAfterSeconds">Whole seconds, at least 1, until a request will pass; 0 when granted.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LimitDecision(
    bool Granted,
    int Limit,
    int Remaining,
    long ResetUnixSeconds,
    int RetryAfterSeconds
);
