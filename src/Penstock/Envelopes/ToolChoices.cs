namespace Penstock.Envelopes;

/// <summary>What an engine makes of <c>tool_choice</c>.</summary>
internal enum ToolChoices
{
    /// <summary>It knows the words and the named function.</summary>
    All,

    /// <summary>It knows the words; a named function is silently taken for <c>auto</c>.</summary>
    Words,

    /// <summary>It never looks at it: the model may always call a tool, and never must.</summary>
    Ignored,
}
