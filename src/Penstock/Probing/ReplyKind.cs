namespace Penstock.Probing;

/// <summary>What came of a question to an engine.</summary>
internal enum ReplyKind
{
    Answered,

    /// <summary>There was no connection, or it broke.</summary>
    Unreachable,

    /// <summary>Not within the time given.</summary>
    Late,

    /// <summary>The answer is larger than what is read.</summary>
    TooLarge,
}
