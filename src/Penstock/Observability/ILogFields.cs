namespace Penstock.Observability;

/// <summary>A log state that writes its own fields: what a request logs costs no allocation.</summary>
internal interface ILogFields
{
    /// <summary>When it happened: whoever logs it has read the clock already.</summary>
    DateTimeOffset At { get; }

    void Write(ref LogLine line);
}
