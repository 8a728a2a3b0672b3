namespace Penstock.Probing;

/// <summary>The log lines about engines outside of the traffic. Ids 3000 to 3099.</summary>
internal static partial class ProbingLog
{
    [LoggerMessage(3000, LogLevel.Warning, "{Engine} is {Condition}: {Reason}")]
    public static partial void Changed(ILogger logger, string engine, string condition, string reason);

    [LoggerMessage(3001, LogLevel.Information, "{Engine} is well")]
    public static partial void Well(ILogger logger, string engine);

    [LoggerMessage(3002, LogLevel.Error, "Watching {Engine} failed; it goes on")]
    public static partial void WatchFailed(ILogger logger, string engine, Exception error);

    [LoggerMessage(3003, LogLevel.Information, "{Engine} was probed for {Model}: {Calls} calls, {Tokens} tokens")]
    public static partial void Probed(ILogger logger, string engine, string model, int calls, int tokens);

    [LoggerMessage(3004, LogLevel.Warning, "{Engine} for {Model}: {Warning}")]
    public static partial void Warns(ILogger logger, string engine, string model, string warning);

    [LoggerMessage(3005, LogLevel.Warning, "{Engine} cannot be probed for {Model}: {Problem}")]
    public static partial void NotProbed(ILogger logger, string engine, string model, string problem);

    [LoggerMessage(3006, LogLevel.Error, "Keeping the cards of {Engine} failed")]
    public static partial void ProbeFailed(ILogger logger, string engine, Exception error);
}
