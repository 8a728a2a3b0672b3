namespace Penstock.Observability;

/// <summary>How a line of the log is written.</summary>
internal enum LogFormat
{
    Simple,
    Json,
}
