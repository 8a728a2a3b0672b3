namespace Penstock.Tests.Architecture;

/// <summary>
/// The architecture as data: one row a folder. The table in <c>docs/architecture.md</c> is this one, which a test
/// compares. A new folder is a new row, and a new arrow is a decision.
/// </summary>
internal static class DependencyRules
{
    /// <summary>The types that stand in no folder: the program and its table of contents.</summary>
    public const string Root = "(root)";

    public static readonly DependencyRule[] All =
    [
        new("Primitives", [], ["any feature"]),
        new("Observability", ["Primitives"], ["any feature"]),
        new("Transport", ["Primitives", "Observability"], ["any feature"]),
        new("Keys", ["Primitives", "Observability"], ["Envelopes", "Engines", "Storage"]),
        new("Envelopes", ["Primitives", "Observability"], ["Keys", "Engines", "Storage"]),
        new("Engines", ["Primitives", "Observability"], ["Keys", "Envelopes", "Storage"]),
        new("Limits", ["Primitives", "Observability", "Keys"], ["Routing", "Forwarding", "Relaying"]),
        new("Metering", ["Primitives", "Observability", "Keys", "Engines"], ["Routing", "Forwarding", "Relaying"]),
        new("Idempotency", ["Primitives", "Observability"], ["any other feature"]),
        new("Routing", ["Primitives", "Observability", "Engines", "Envelopes"], ["Keys", "Limits"]),
        new(
            "Forwarding",
            ["Primitives", "Observability", "Transport", "Engines", "Routing", "Envelopes"],
            ["Keys", "Limits"]
        ),
        new("Relaying", ["Primitives", "Observability", "Engines"], ["Keys", "Limits", "Routing"]),
        new(
            "Probing",
            ["Primitives", "Observability", "Engines", "Routing"],
            ["Keys", "Limits", "Registry", "Storage", "Inference", "Forwarding", "Relaying"]
        ),
        new(
            "Inference",
            [
                "Primitives",
                "Observability",
                "Transport",
                "Keys",
                "Limits",
                "Metering",
                "Idempotency",
                "Envelopes",
                "Routing",
                "Engines",
                "Forwarding",
                "Relaying",
            ],
            ["Storage", "Management", "Contracts"]
        ),
        new(
            "Registry",
            [
                "Primitives",
                "Observability",
                "Keys",
                "Limits",
                "Metering",
                "Envelopes",
                "Engines",
                "Routing",
                "Contracts",
            ],
            ["Inference", "Forwarding", "Relaying"]
        ),
        new(
            "Management",
            [
                "Primitives",
                "Observability",
                "Keys",
                "Limits",
                "Metering",
                "Envelopes",
                "Engines",
                "Routing",
                "Probing",
                "Registry",
                "Contracts",
            ],
            ["Inference", "Forwarding", "Relaying"]
        ),
        new(
            "Storage",
            ["Primitives", "Observability", "Keys", "Limits", "Metering", "Engines", "Routing", "Probing", "Registry"],
            ["Inference", "Forwarding", "Relaying"]
        ),
        new(
            "Storage.Postgres",
            [
                "Primitives",
                "Observability",
                "Keys",
                "Limits",
                "Metering",
                "Engines",
                "Routing",
                "Probing",
                "Registry",
                "Storage",
            ],
            ["Inference", "Forwarding", "Relaying", "another Storage folder"]
        ),
        new(
            "Storage.Sqlite",
            [
                "Primitives",
                "Observability",
                "Keys",
                "Limits",
                "Metering",
                "Engines",
                "Routing",
                "Probing",
                "Registry",
                "Storage",
            ],
            ["Inference", "Forwarding", "Relaying", "another Storage folder"]
        ),
        new(
            "Storage.Redis",
            [
                "Primitives",
                "Observability",
                "Keys",
                "Limits",
                "Metering",
                "Idempotency",
                "Engines",
                "Routing",
                "Probing",
                "Registry",
                "Storage",
            ],
            ["Inference", "Forwarding", "Relaying", "another Storage folder"]
        ),
        new("Hosting", [DependencyRule.Everything], []),
        new(Root, [DependencyRule.Everything], []),
    ];

    public static DependencyRule? Of(string folder) => All.FirstOrDefault(rule => rule.Folder == folder);

    /// <summary>The table as <c>docs/architecture.md</c> shows it.</summary>
    public static string ToMarkdown()
    {
        var rows = All.Select(rule => $"| {rule.Folder} | {List(rule.MayUse)} | {List(rule.Never)} |");
        return string.Join('\n', ["| folder | may use | never |", "|---|---|---|", .. rows]);
    }

    private static string List(string[] names) => names.Length == 0 ? "–" : string.Join(", ", names);
}
