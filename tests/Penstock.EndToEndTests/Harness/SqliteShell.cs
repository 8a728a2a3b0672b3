namespace Penstock.EndToEndTests.Harness;

/// <summary>Debian's <c>sqlite3</c>, which is what an operator has: databases seen and copied from outside.</summary>
internal static class SqliteShell
{
    /// <summary>Runs statements and the shell's own commands in order; a row a line, its columns behind bars.</summary>
    public static async Task<IReadOnlyList<string[]>> RunAsync(string database, params string[] commands)
    {
        // A gateway that writes meanwhile is waited for.
        string[] arguments = ["-batch", "-bail", "-cmd", ".timeout 10000", database, .. commands];
        var result = (await ChildProcess.RunAsync("sqlite3", arguments)).Expect(0);
        return [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('|'))];
    }

    public static async Task<long> NumberAsync(string database, string query) =>
        long.Parse((await RunAsync(database, query)).Single()[0], System.Globalization.CultureInfo.InvariantCulture);
}
