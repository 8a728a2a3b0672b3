using System.Text.Json.Nodes;

namespace Penstock.EndToEndTests.Harness;

/// <summary>How a process ended and what it wrote.</summary>
internal sealed record ProcessResult(int ExitCode, string Output, string Errors)
{
    /// <summary>Standard output as the one JSON document it must be.</summary>
    public JsonNode Json =>
        JsonNode.Parse(Output) ?? throw new InvalidOperationException($"Standard output was the JSON null.\n{this}");

    public ProcessResult Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"Expected exit code {exitCode}.\n{this}");
        return this;
    }

    public override string ToString() => $"exit code {ExitCode}\n--- out\n{Output}\n--- err\n{Errors}";
}
