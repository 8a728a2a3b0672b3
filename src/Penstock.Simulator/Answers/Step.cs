using System.Runtime.InteropServices;

namespace Penstock.Simulator.Answers;

/// <summary>
/// One generated token and what the client sees of it at that moment: a chunk's <c>delta</c> object in JSON, or
/// nothing, when the engine keeps the token to itself for now.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Step(Token Token, byte[]? Delta);
