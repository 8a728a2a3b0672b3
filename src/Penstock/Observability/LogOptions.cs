namespace Penstock.Observability;

/// <summary>Form of the log on standard output (section <c>Log</c>); levels are .NET's own <c>Logging:LogLevel</c>.</summary>
internal sealed class LogOptions
{
    /// <summary>One line for people, or one JSON object for machines.</summary>
    public LogFormat Format { get; set; } = LogFormat.Console;
}

/// <summary>How a line of the log is written.</summary>
internal enum LogFormat
{
    Console,
    Json,
}
