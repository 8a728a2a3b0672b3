using System.Globalization;

namespace Penstock.Hosting.Doctor;

/// <summary>How many files and sockets a process may have open: two are needed for each stream.</summary>
internal static class OpenFilesCheck
{
    private const string Name = "open_files";
    private const int FilesPerStream = 2;

    /// <summary>Room for 2,000 streams, which one gateway carries with ease.</summary>
    private const long Enough = 4096;

    private const string Line = "Max open files";

    /// <param name="server">The process of a running server, whose limit counts; null: one started from here.</param>
    public static Finding Run(int? server)
    {
        var whose = server is { } id ? $"the running server (process {id})" : "a server started from here";
        if (Limit(server) is not { } limit)
        {
            return Finding.Ok(Name, $"this system does not tell the limit of {whose}; ulimit -n shows a shell's");
        }

        var seen = $"{whose} may have {limit} open: some {limit / FilesPerStream} streams";
        return limit >= Enough
            ? Finding.Ok(Name, seen)
            : Finding.Warning(Name, seen, $"Raise it to {Enough} or more: LimitNOFILE= of its unit, or ulimit -n.");
    }

    /// <summary>The runtime raises the soft limit to the hard one at its start, here as in a server.</summary>
    private static long? Limit(int? server)
    {
        try
        {
            var path = $"/proc/{server?.ToString(CultureInfo.InvariantCulture) ?? "self"}/limits";
            var line = File.ReadLines(path).FirstOrDefault(line => line.StartsWith(Line, StringComparison.Ordinal));
            var soft = line?[Line.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
            return soft == "unlimited" ? long.MaxValue
                : long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit
                : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
