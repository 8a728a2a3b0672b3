using System.Collections.Concurrent;

namespace Penstock.EndToEndTests.Harness;

/// <summary>Installs what a lock file pins, once, and again when the lock file is newer.</summary>
internal static class NodePackages
{
    private static readonly ConcurrentDictionary<string, Lazy<Task>> Installed = new(StringComparer.Ordinal);

    /// <param name="folder">Where the lock file is.</param>
    public static Task EnsureAsync(string folder) =>
        Installed.GetOrAdd(folder, static folder => new Lazy<Task>(() => InstallAsync(folder))).Value;

    private static async Task InstallAsync(string folder)
    {
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
