namespace Penstock.Simulator.Answers.Schema;

/// <summary>Values a person recognises, by a string's format or by its property's name.</summary>
internal static class Samples
{
    public static readonly Dictionary<string, string[]> ByFormat = new(StringComparer.Ordinal)
    {
        ["date-time"] = ["2026-03-14T09:26:53Z", "2025-11-30T18:05:00+01:00"],
        ["date"] = ["2026-03-14", "2025-11-30"],
        ["time"] = ["09:26:53Z", "18:05:00Z"],
        ["duration"] = ["P3D", "PT90M"],
        ["email"] = ["ada@example.com", "lin@example.org"],
        ["idn-email"] = ["ada@example.com"],
        ["hostname"] = ["engine.example.com", "example.org"],
        ["ipv4"] = ["192.0.2.17", "198.51.100.4"],
        ["ipv6"] = ["2001:db8::17", "2001:db8::4"],
        ["uri"] = ["https://example.com/rivers", "https://example.org/gates"],
        ["url"] = ["https://example.com/rivers"],
        ["uri-reference"] = ["/rivers/3"],
        ["uuid"] = ["6f1c9b52-8c0e-4b1f-9d5a-2f7e6a1c3b48", "0b2d7c1e-5a43-4f6e-8c1d-9e7f3a2b6c10"],
        ["guid"] = ["6f1c9b52-8c0e-4b1f-9d5a-2f7e6a1c3b48"],
        ["json-pointer"] = ["/rivers/3"],
        ["regex"] = ["^[a-z]+$"],
        ["byte"] = ["cml2ZXI=", "Z2F0ZQ=="],
    };

    private static readonly (string Part, string[] Values)[] ByName =
    [
        ("city", ["Lisbon", "Kyōto", "Zürich", "Paris"]),
        ("location", ["Lisbon, Portugal", "Paris, France", "Zürich, Switzerland"]),
        ("country", ["Portugal", "Japan", "Switzerland"]),
        ("email", ["ada@example.com", "lin@example.org"]),
        ("name", ["Ada", "Lin", "José", "Noor"]),
        ("date", ["2026-03-14", "2025-11-30"]),
        ("url", ["https://example.com/rivers"]),
        ("currency", ["EUR", "JPY", "CHF"]),
        ("language", ["en", "pt", "ja"]),
        ("color", ["green", "silver", "blue"]),
        ("query", ["quiet rivers", "old bridges"]),
        ("title", ["The quiet river", "A gate in the mountain"]),
    ];

    public static string[]? ForName(string name)
    {
        foreach (var (part, values) in ByName)
        {
            if (name.Contains(part, StringComparison.OrdinalIgnoreCase))
            {
                return values;
            }
        }

        return null;
    }
}
