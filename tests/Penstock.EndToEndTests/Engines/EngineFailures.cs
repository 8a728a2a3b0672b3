using System.Text.Json;

namespace Penstock.EndToEndTests.Engines;

/// <summary>Every engine and every error that it is known for, in its own bytes: <c>engine-failures.json</c>.</summary>
internal static class EngineFailures
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNameCaseInsensitive = true };

    public static EngineFailure[] All { get; } = Read();

    public static EngineFailure Find(string name) => All.Single(failure => failure.Name == name);

    private static EngineFailure[] Read()
    {
        using var table = typeof(EngineFailures).Assembly.GetManifestResourceStream("engine-failures.json")!;
        return JsonSerializer.Deserialize<EngineFailure[]>(table, Names)!;
    }
}
