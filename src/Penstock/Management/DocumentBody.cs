namespace Penstock.Management;

/// <summary>Marks an endpoint that takes a declarative document instead of a JSON object.</summary>
internal sealed class DocumentBody
{
    public static DocumentBody Mark { get; } = new();

    public static IReadOnlyList<string> MediaTypes { get; } =
    ["application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml", "application/json"];
}
