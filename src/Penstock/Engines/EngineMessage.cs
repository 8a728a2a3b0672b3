using System.Text.RegularExpressions;

namespace Penstock.Engines;

/// <summary>What of an engine's own words may reach a caller.</summary>
internal static partial class EngineMessage
{
    /// <summary>A caller needs the sentence, not the page: the rest of a longer text is cut.</summary>
    public const int Longest = 4096;

    private const string Withheld = "(withheld)";

    /// <summary>
    /// What the engine says of the request is passed on; what it says of its own failure loses addresses, and a stack
    /// trace altogether: they show the inside of somebody's network.
    /// </summary>
    /// <param name="status">The engine's status.</param>
    public static string Clean(string message, int status)
    {
        var text = message.Length <= Longest ? message : message[..Longest];
        if (status < 500)
        {
            return text;
        }

        return text.Contains("Traceback (most recent call last)", StringComparison.Ordinal)
            ? "The engine failed. Its own log says why."
            : Address().Replace(text, Withheld);
    }

    [GeneratedRegex(
        @"[a-z][a-z0-9+.-]*://\S+|\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Address();
}
