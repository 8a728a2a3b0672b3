namespace Penstock.Simulator.Inspection;

/// <summary>The parameters behind a path's question mark.</summary>
internal static class QueryText
{
    /// <returns>Null where the target does not name it; empty where it gives no value.</returns>
    public static string? Value(string target, string name)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal) is var at and >= 0 ? target[(at + 1)..] : "";
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var key = equals < 0 ? pair : pair[..equals];
            if (key.Equals(name, StringComparison.Ordinal))
            {
                return equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..]);
            }
        }

        return null;
    }
}
