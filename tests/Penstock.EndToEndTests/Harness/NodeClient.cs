using System.Text.Json.Nodes;

namespace Penstock.EndToEndTests.Harness;

/// <summary>Runs a script of the <c>clients</c> folder; it prints one JSON line, a member per scenario.</summary>
internal static class NodeClient
{
    public static async Task<JsonObject> RunAsync(string script, IReadOnlyDictionary<string, string?> environment)
    {
        await NodePackages.EnsureAsync(Built.ClientScripts);
        var result = await ChildProcess.RunAsync(
            "node",
            [Path.Combine(Built.ClientScripts, script)],
            environment,
            Built.ClientScripts,
            TimeSpan.FromMinutes(2)
        );
        result.Expect(0);
        return result.Json.AsObject();
    }
}
