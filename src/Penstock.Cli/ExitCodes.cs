namespace Penstock.Cli;

/// <summary>What the process says to the shell.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>The server refused, or something failed on the way.</summary>
    public const int Failed = 1;

    /// <summary>The command line cannot mean anything.</summary>
    public const int WrongUsage = 2;

    /// <summary>Ctrl-C: 128 + SIGINT, as shells count it, so that a script's loop ends too.</summary>
    public const int Interrupted = 130;
}
