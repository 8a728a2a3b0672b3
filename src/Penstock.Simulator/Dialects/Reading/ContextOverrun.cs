using System.Runtime.InteropServices;

namespace Penstock.Simulator.Dialects.Reading;

/// <summary>A request that is longer than the model's context.</summary>
/// <param name="Field">Where the length of the answer was asked for.</param>
/// <param name="Asked">Tokens of the answer asked for; zero where none were.</param>
/// <param name="Prompt">Tokens of the prompt.</param>
/// <param name="Limit">Tokens that the context holds.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ContextOverrun(string Field, long Asked, int Prompt, int Limit);
