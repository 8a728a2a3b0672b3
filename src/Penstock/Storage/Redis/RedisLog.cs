namespace Penstock.Storage.Redis;

/// <summary>What is told about the shared server: a line when it goes, one when it is back.</summary>
internal static partial class RedisLog
{
    [LoggerMessage(
        2600,
        LogLevel.Warning,
        "Redis does not answer ({reason}): until it does, this node decides alone, by its share of each limit and its own answers"
    )]
    public static partial void RedisAway(this ILogger logger, string reason);

    [LoggerMessage(2601, LogLevel.Information, "Redis answers again: limits and answers are shared")]
    public static partial void RedisBack(this ILogger logger);
}
