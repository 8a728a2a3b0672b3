namespace Penstock.Observability;

/// <summary>A log state that writes its own fields: what a request logs costs no allocation.</summary>
internal interface ILogFields
{
    void Write(ref LogLine line);
}
