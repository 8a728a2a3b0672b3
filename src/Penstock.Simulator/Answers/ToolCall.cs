namespace Penstock.Simulator.Answers;

/// <summary>A call the pretend model makes.</summary>
internal sealed record ToolCall(string Id, string Name, string Arguments);
