namespace Penstock.Registry;

/// <summary>Who a change is attributed to in the audit.</summary>
internal static class Actors
{
    /// <summary>The program itself, when it finds nothing there.</summary>
    public const string FirstStart = "first-start";

    /// <summary>The search for engines on this machine.</summary>
    public const string Discovery = "discovery";

    /// <summary>A verb that works on the database itself, while no gateway runs.</summary>
    public const string CommandLine = "command-line";

    public static string OfFile(string path) => $"file:{Path.GetFileName(path)}";
}
