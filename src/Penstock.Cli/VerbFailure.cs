namespace Penstock.Cli;

/// <summary>Ends a verb with a message for stderr and an exit code.</summary>
internal sealed class VerbFailure(int exitCode, string message) : Exception(message)
{
    public int ExitCode => exitCode;

    public static VerbFailure Failed(string message) => new(ExitCodes.Failed, message);

    public static VerbFailure Usage(string message) => new(ExitCodes.WrongUsage, message);
}
