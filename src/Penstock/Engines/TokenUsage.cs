namespace Penstock.Engines;

/// <summary>Tokens of one answer, from the engine's own numbers. Zero is a count; null is "the engine did not say".</summary>
internal readonly record struct TokenUsage(long Prompt, long Completion, long? Cached, long? Reasoning);
