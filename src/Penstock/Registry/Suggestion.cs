namespace Penstock.Registry;

/// <summary>"Did you mean": the nearest of the names there are, if any is near enough to be a slip of the finger.</summary>
internal static class Suggestion
{
    /// <summary>Ready to be put behind a message; empty where nothing is near.</summary>
    public static string For(string name, IEnumerable<string> known)
    {
        // A third of the letters may differ, at least one: "modle" is model, "mode" is not "name".
        var tolerance = Math.Clamp(name.Length / 3, 1, 4);
        var (best, distance) = ("", int.MaxValue);
        foreach (var candidate in known.Take(1_000))
        {
            if (Math.Abs(candidate.Length - name.Length) > tolerance || candidate.Length > 256)
            {
                continue;
            }

            var found = Distance(name, candidate);
            if (found < distance || (found == distance && string.CompareOrdinal(candidate, best) < 0))
            {
                (best, distance) = (candidate, found);
            }
        }

        return distance <= tolerance ? $", did you mean \"{best}\"?" : "";
    }

    /// <summary>Insertions, removals, replacements, and swaps of neighbours.</summary>
    private static int Distance(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            table[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            table[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var change = table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(change, Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }

        return table[a.Length, b.Length];
    }
}
