using System.Runtime.InteropServices;

namespace Penstock.Limits;

/// <summary>A token limit a minute, and what is left of it.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TokenStanding(int Limit, long Remaining);
