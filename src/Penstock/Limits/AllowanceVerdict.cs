using System.Runtime.InteropServices;

namespace Penstock.Limits;

/// <summary>A store's answer to a claim.</summary>
/// <param name="Refused">The limit that refused it; None: it was granted.</param>
/// <param name="OfWorkspace">The limit is the workspace's, not the key's.</param>
/// <param name="Limit">The refusing limit: tokens, requests or nano-units.</param>
/// <param name="RetryAfterSeconds">Whole seconds, at least 1, until another try makes sense; 0 when granted.</param>
/// <param name="Tokens">How the tighter token limit a minute stands; null: there is none.</param>
/// <param name="Reservation">To be settled, whatever comes; null when refused.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AllowanceVerdict(
    AllowanceKind Refused,
    bool OfWorkspace,
    long Limit,
    int RetryAfterSeconds,
    TokenStanding? Tokens,
    Reservation? Reservation
);
