namespace Penstock.EndToEndTests.Harness;

/// <summary>The command line as an operator runs it: one process a verb.</summary>
internal sealed class Cli(IReadOnlyDictionary<string, string?> environment, string? folder = null)
{
    public Task<ProcessResult> RunAsync(params string[] arguments) =>
        ChildProcess.RunAsync("dotnet", [Built.Penstock, .. arguments], environment, folder);
}
