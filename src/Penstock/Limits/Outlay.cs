using System.Runtime.InteropServices;

namespace Penstock.Limits;

/// <summary>What a request may come to, or has come to.</summary>
/// <param name="Tokens">Of prompt and completion together.</param>
/// <param name="Cost">Nano-units of the operator's currency.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Outlay(long Tokens, long Cost);
