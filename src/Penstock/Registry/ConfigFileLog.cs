namespace Penstock.Registry;

/// <summary>The log lines of the declarative file. Ids 2100 to 2199.</summary>
internal static partial class ConfigFileLog
{
    [LoggerMessage(2100, LogLevel.Information, "{File} applied: {Changes} changes")]
    public static partial void Applied(ILogger logger, string file, int changes);

    [LoggerMessage(2101, LogLevel.Error, "{File}:{Mistake}")]
    public static partial void Mistake(ILogger logger, string file, Mistake mistake);

    [LoggerMessage(2102, LogLevel.Error, "{File} has {Mistakes} mistakes: nothing of it was applied")]
    public static partial void Refused(ILogger logger, string file, int mistakes);

    [LoggerMessage(2103, LogLevel.Warning, "{File}: {Note}")]
    public static partial void Note(ILogger logger, string file, string note);

    [LoggerMessage(2104, LogLevel.Warning, "{File} cannot be read, what was applied last stays: {Problem}")]
    public static partial void Missing(ILogger logger, string file, string problem);

    [LoggerMessage(
        2105,
        LogLevel.Warning,
        "{File} is looked at every few seconds, its folder cannot be watched: {Problem}"
    )]
    public static partial void NotWatched(ILogger logger, string file, string problem);

    [LoggerMessage(2106, LogLevel.Error, "{File} could not be applied; it is tried again when it changes")]
    public static partial void Failed(ILogger logger, string file, Exception error);
}
