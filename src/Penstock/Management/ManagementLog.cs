namespace Penstock.Management;

/// <summary>The log lines of the management API. Ids 2200 to 2299.</summary>
internal static partial class ManagementLog
{
    [LoggerMessage(2200, LogLevel.Error, "Management request {Method} {Path} failed")]
    public static partial void Failed(ILogger logger, string method, string path, Exception error);
}
