using Penstock.Registry;
using Penstock.Registry.Changes;
using Penstock.Routing;

namespace Penstock.Hosting;

/// <summary>What a person needs after a start: where, with which key, which models, and a line to paste.</summary>
/// <param name="issued">The key of a first start, shown this once; null on every later one.</param>
/// <param name="simulated">The words come from the simulator.</param>
internal sealed class Banner(string url, RouteTable table, IssuedKey? issued, bool simulated)
{
    private const int MostModels = 8;

    /// <summary>In one piece: log lines come from another thread.</summary>
    public void Write(TextWriter console)
    {
        using var output = new StringWriter();
        Compose(output);
        console.Write(output.ToString());
        console.Flush();
    }

    private void Compose(StringWriter output)
    {
        var models = table.Routes.Select(route => route.Deployment.Model).Distinct(StringComparer.Ordinal).ToList();
        output.WriteLine($"Penstock {VersionVerb.Short} is ready.");
        output.WriteLine();
        output.WriteLine($"  base URL  {url}/v1");
        output.WriteLine($"  key       {Key}");
        output.WriteLine($"  models    {Names(models)}");
        if (simulated)
        {
            output.WriteLine();
            output.WriteLine("  No engine was found, so the built-in simulator answers: the API, the keys, the limits");
            output.WriteLine("  and the streaming are real, the words are not. Add an engine with --upstream URL.");
        }
        if (issued?.Secret is { } secret && models.Count > 0)
        {
            output.WriteLine();
            output.WriteLine("Paste this:");
            output.WriteLine();
            output.WriteLine(Curl(secret.Value, models[0]));
        }
    }

    private string Key =>
        issued?.Secret is { } secret
            ? $"{secret.Value}  (shown this once)"
            : $"not shown again; make another: penstock keys create --workspace {FirstStart.WorkspaceName}";

    private static string Names(List<string> models) =>
        models.Count switch
        {
            0 => "none yet; add one: penstock deployments create --help",
            <= MostModels => string.Join(", ", models),
            _ => $"{string.Join(", ", models.Take(MostModels))} and {models.Count - MostModels} more",
        };

    private string Curl(string key, string model) =>
        $"curl -N {url}/v1/chat/completions -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' "
        + $$"""-d '{"model":"{{model}}","stream":true,"messages":[{"role":"user","content":"Say hello."}]}'""";
}
