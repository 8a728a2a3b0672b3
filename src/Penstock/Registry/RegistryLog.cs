namespace Penstock.Registry;

/// <summary>The log lines of the registry. Ids 2000 to 2099.</summary>
internal static partial class RegistryLog
{
    [LoggerMessage(
        2000,
        LogLevel.Error,
        "Deployment {DeploymentId} ({Model}): the credential for {Url} is missing, calls go out without one: {Problem}"
    )]
    public static partial void CredentialMissing(
        ILogger logger,
        Guid deploymentId,
        string model,
        string url,
        string problem
    );

    [LoggerMessage(2001, LogLevel.Information, "Registry changed by {Actor}: {Changes} changes")]
    public static partial void Changed(ILogger logger, string actor, int changes);

    [LoggerMessage(2002, LogLevel.Error, "A registry change could not be stored; reading the store again")]
    public static partial void CommitFailed(ILogger logger, Exception error);

    [LoggerMessage(2003, LogLevel.Critical, "The store could not be read again; the registry stays as it was")]
    public static partial void ReloadFailed(ILogger logger, Exception error);

    [LoggerMessage(
        2004,
        LogLevel.Error,
        "The registry's database is away: requests go on with what is known, changes are refused until it is back"
    )]
    public static partial void StoreAway(ILogger logger, Exception error);

    [LoggerMessage(2005, LogLevel.Information, "The registry's database is back")]
    public static partial void StoreBack(ILogger logger);

    [LoggerMessage(2006, LogLevel.Warning, "Other gateways could not be told of a change; they notice it themselves")]
    public static partial void NotAnnounced(ILogger logger, Exception error);

    [LoggerMessage(2007, LogLevel.Information, "A credential in a file has changed: it is used from now on")]
    public static partial void CredentialsRenewed(ILogger logger);

    [LoggerMessage(2008, LogLevel.Error, "The files of credentials could not be looked at; they are tried again")]
    public static partial void CredentialsNotRenewed(ILogger logger, Exception error);
}
