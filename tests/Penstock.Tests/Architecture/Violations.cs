namespace Penstock.Tests.Architecture;

/// <summary>Fails with every violation on a line of its own: the whole list is what a person needs.</summary>
internal static class Violations
{
    public static void AssertNone(IEnumerable<string> violations)
    {
        var lines = violations.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        if (lines.Length > 0)
        {
            Assert.Fail($"{lines.Length} found:\n{string.Join('\n', lines)}");
        }
    }
}
