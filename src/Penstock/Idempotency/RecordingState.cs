namespace Penstock.Idempotency;

/// <summary>What there is to hear of a generation.</summary>
internal enum RecordingState
{
    /// <summary>It is under way, and whoever comes hears it from its first byte.</summary>
    Open,

    /// <summary>All of it is kept.</summary>
    Whole,

    /// <summary>It failed, and those who were there are told how.</summary>
    Failed,

    /// <summary>Its owner went without a word for the others: one of them may take its place.</summary>
    Withdrawn,

    /// <summary>It has happened or happens, but there is no room for it.</summary>
    Unkept,
}
