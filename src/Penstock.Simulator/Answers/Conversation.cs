namespace Penstock.Simulator.Answers;

/// <summary>What the pretend model looks at in the messages.</summary>
/// <param name="LastRole">Who spoke last.</param>
/// <param name="LastUserText">The last message of the user, text parts only.</param>
/// <param name="LastToolResult">What the last tool message said, if one came after the last user message.</param>
internal sealed record Conversation(string LastRole, string LastUserText, string? LastToolResult);
