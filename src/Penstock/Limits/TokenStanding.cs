using System.Runtime.InteropServices;
using Penstock.Keys;

namespace Penstock.Limits;

/// <summary>A token limit a minute, and what is left of it.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TokenStanding(int Limit, long Remaining)
{
    /// <summary>Null where there is no such limit.</summary>
    /// <param name="used">Tokens of the last 60 seconds.</param>
    public static TokenStanding? Of(Allowance limits, long used) =>
        limits.TokensPerMinute is { } limit ? new TokenStanding(limit, Math.Max(0, limit - used)) : null;

    public static TokenStanding? Tighter(TokenStanding? one, TokenStanding? other) =>
        one is null || other?.Remaining < one.Value.Remaining ? other : one;
}
