using System.Runtime.CompilerServices;
using System.Text;

namespace Penstock.Tests.Golden;

/// <summary>
/// Compares a text with the file <c>&lt;TestFile&gt;.&lt;TestName&gt;.golden.txt</c> beside the test. Run the test with
/// <c>PENSTOCK_ACCEPT_GOLDEN=1</c> to write that file, and read the change before committing it.
/// </summary>
internal static class GoldenFile
{
    private const string AcceptVariable = "PENSTOCK_ACCEPT_GOLDEN";

    /// <summary>More than this is not read anyway.</summary>
    private const int MostLinesShown = 40;

    public static void Verify(string text, [CallerFilePath] string file = "", [CallerMemberName] string test = "") =>
        Compare(text, PathOf(file, test), Environment.GetEnvironmentVariable(AcceptVariable) == "1");

    public static string PathOf(string file, string test) =>
        Path.Combine(Path.GetDirectoryName(file)!, $"{Path.GetFileNameWithoutExtension(file)}.{test}.golden.txt");

    public static void Compare(string text, string path, bool accept)
    {
        if (accept)
        {
            File.WriteAllText(path, text);
            return;
        }
        var expected = File.Exists(path) ? File.ReadAllText(path) : "";
        if (expected != text)
        {
            Assert.Fail(
                $"{path} says otherwise; {AcceptVariable}=1 accepts what is new (+).\n{Difference(expected, text)}"
            );
        }
    }

    /// <summary>The lines between the common beginning and the common end, numbered as in the expected text.</summary>
    private static string Difference(string expected, string actual)
    {
        var (old, now) = (Lines(expected), Lines(actual));
        var shorter = Math.Min(old.Length, now.Length);
        var start = 0;
        while (start < shorter && old[start] == now[start])
        {
            start++;
        }

        var end = 0;
        while (end < shorter - start && old[^(end + 1)] == now[^(end + 1)])
        {
            end++;
        }

        var shown = new StringBuilder().Append("from line ").Append(start + 1).Append(":\n");
        foreach (var line in old[start..^end].Take(MostLinesShown))
        {
            shown.Append("- ").Append(line).Append('\n');
        }

        foreach (var line in now[start..^end].Take(MostLinesShown))
        {
            shown.Append("+ ").Append(line).Append('\n');
        }

        return shown.ToString();
    }

    /// <summary>Carriage returns are part of what some of these texts prove, so they are shown.</summary>
    private static string[] Lines(string text) => text.Replace("\r", "\\r", StringComparison.Ordinal).Split('\n');
}
