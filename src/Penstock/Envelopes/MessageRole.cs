namespace Penstock.Envelopes;

/// <summary>Who speaks in a message.</summary>
internal enum MessageRole : byte
{
    None,
    System,
    Developer,
    User,
    Assistant,
    Tool,
    Function,
}
