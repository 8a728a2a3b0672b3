namespace Penstock.Engines;

/// <summary>A member of a <c>usage</c> object, or of the objects in it.</summary>
internal enum UsageField
{
    Other,
    Prompt,
    Completion,
    Cached,
    Reasoning,
    PromptDetails,
    CompletionDetails,
}
