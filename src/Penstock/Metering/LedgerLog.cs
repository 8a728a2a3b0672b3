namespace Penstock.Metering;

/// <summary>The ledger's log messages.</summary>
internal static partial class LedgerLog
{
    [LoggerMessage(
        2000,
        LogLevel.Error,
        "The ledger's database takes no rows: they wait on disk and are written when it is back"
    )]
    public static partial void StoreAway(this ILogger logger, Exception error);

    [LoggerMessage(2001, LogLevel.Information, "The ledger's database takes rows again")]
    public static partial void StoreBack(this ILogger logger);

    [LoggerMessage(2002, LogLevel.Error, "{count} rows of the ledger could not be put aside on disk and are lost")]
    public static partial void Lost(this ILogger logger, int count);

    [LoggerMessage(
        2003,
        LogLevel.Error,
        "The ledger's spool file {file} is damaged after {rows} rows: what follows cannot be read; it was kept as {aside}"
    )]
    public static partial void Damaged(this ILogger logger, string file, int rows, string aside);
}
