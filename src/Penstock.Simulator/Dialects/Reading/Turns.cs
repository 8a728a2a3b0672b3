using Penstock.Simulator.Answers;

namespace Penstock.Simulator.Dialects.Reading;

/// <summary>The messages as the pretend model takes them in.</summary>
/// <param name="Conversation">Without the beginning of the answer.</param>
/// <param name="Tokens">Of the whole prompt, the beginning included.</param>
/// <param name="Beginning">The partial answer that is to be continued.</param>
internal sealed record Turns(Conversation Conversation, int Tokens, string? Beginning);
