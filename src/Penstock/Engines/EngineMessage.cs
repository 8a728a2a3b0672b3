using System.Text.RegularExpressions;

namespace Penstock.Engines;

/// <summary>What of an engine's own words may reach a caller.</summary>
internal static partial class EngineMessage
{
    /// <summary>A caller needs the sentence, not the page: the rest of a longer text is cut.</summary>
    public const int Longest = 4096;

    private const string Withheld = "(withheld)";

    /// <summary>
    /// What the engine says of the request is passed on; what it says of its own failure loses addresses. A stack trace
    /// is never passed on, whatever the status: both show the inside of somebody's network.
    /// </summary>
    /// <param name="status">The engine's status.</param>
    public static string Clean(string message, int status)
    {
        var text = message.Length <= Longest ? message : message[..Longest];
        if (message.Contains("Traceback (most recent call last)", StringComparison.Ordinal))
        {
            return "The engine failed. Its own log says why.";
        }

        return status < 500 ? text : Address().Replace(text, Withheld);
    }

    [GeneratedRegex(
        @"[a-z][a-z0-9+.-]*://\S+|\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Address();
}
