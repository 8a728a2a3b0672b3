using System.Text.Json;

namespace Penstock.Simulator.Answers;

/// <summary>A function the model may call; no parameters means an empty object.</summary>
internal sealed record Tool(string Name, JsonElement? Parameters);
