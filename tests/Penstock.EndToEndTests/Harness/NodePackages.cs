namespace Penstock.EndToEndTests.Harness;

/// <summary>Installs the client libraries that the lock file pins, once, and again when the lock file is newer.</summary>
internal static class NodePackages
{
    private static readonly Lazy<Task> Installed = new(InstallAsync);

    public static Task EnsureAsync() => Installed.Value;

    private static async Task InstallAsync()
    {
        var folder = Built.ClientScripts;
        var marker = Path.Combine(folder, "node_modules", ".package-lock.json");
        var @lock = Path.Combine(folder, "package-lock.json");
        if (File.Exists(marker) && File.GetLastWriteTimeUtc(marker) >= File.GetLastWriteTimeUtc(@lock))
        {
            return;
        }

        // The libraries of a cold machine come over the network: patience of another order.
        var result = await ChildProcess.RunAsync("npm", ["ci"], folder: folder, patience: TimeSpan.FromMinutes(5));
        result.Expect(0);
        File.SetLastWriteTimeUtc(marker, File.GetLastWriteTimeUtc(@lock));
    }
}
