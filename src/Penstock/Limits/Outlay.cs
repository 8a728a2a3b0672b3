using System.Runtime.InteropServices;

namespace Penstock.Limits;

/// <summary>What a request may come to, or has come to.</summary>
/// <param name="Tokens">Of prompt and completion together.</param>
/// <param name="Cost">Nano-units of the operator's currency.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Outlay(long Tokens, long Cost)
{
    public static Outlay operator +(Outlay one, Outlay other) => new(one.Tokens + other.Tokens, one.Cost + other.Cost);

    public static Outlay operator -(Outlay one, Outlay other) => new(one.Tokens - other.Tokens, one.Cost - other.Cost);

    /// <summary>Whether it is enough of both.</summary>
    public bool Holds(Outlay asked) => Tokens >= asked.Tokens && Cost >= asked.Cost;
}
