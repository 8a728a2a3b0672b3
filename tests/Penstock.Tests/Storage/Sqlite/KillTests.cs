using System.Diagnostics;
using Penstock.Tests.Registry;

namespace Penstock.Tests.Storage.Sqlite;

/// <summary>
/// A process that writes keys and deployments is killed in the middle, fifty times over the same folder. The process is
/// this very assembly, started with <see cref="StartupHook"/> in front of its own entry point.
/// </summary>
public sealed class KillTests
{
    private const int Kills = 50;

    [Fact]
    public async Task Nothing_that_was_acknowledged_is_lost_when_the_process_is_killed()
    {
        using var folder = new TemporaryFolder();
        var data = folder.File("data");
        var acknowledged = new List<string>();
        for (var round = 0; round < Kills; round++)
        {
            // From right after the first write to the middle of the twentieth.
            acknowledged.AddRange(await WriteAndKillAsync(data, 1 + (round * 7 % 20)));
        }

        using var registry = await TestRegistry.OpenAsync(data);
        var stored = registry
            .State.Keys.Keys.Concat(registry.State.Deployments.Keys)
            .Select(id => id.ToString("D"))
            .ToHashSet(StringComparer.Ordinal);
        Assert.True(acknowledged.Count >= Kills);
        Assert.Subset(stored, acknowledged.ToHashSet(StringComparer.Ordinal));

        // One write of each round may have been stored without its acknowledgement getting out.
        Assert.InRange(stored.Count, acknowledged.Count, acknowledged.Count + Kills);
        await registry.MakeWorkspaceAsync("after");
    }

    /// <summary>Reads acknowledgements until there are enough, kills, and reads those that were still under way.</summary>
    private static async Task<List<string>> WriteAndKillAsync(string data, int enough)
    {
        var start = Itself();
        start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(KillTests).Assembly.Location;
        start.Environment[StartupHook.FolderVariable] = data;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestRegistry.Stop);
        var acknowledged = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(TestRegistry.Stop) is { } line)
        {
            if (line.EndsWith('.'))
            {
                acknowledged.Add(line.TrimEnd('.'));
            }

            if (acknowledged.Count == enough)
            {
                process.Kill();
            }
        }

        await process.WaitForExitAsync(TestRegistry.Stop);
        var said = await errors;
        Assert.True(acknowledged.Count >= enough, $"exit {process.ExitCode}: {said}");
        return acknowledged;
    }

    /// <summary>This assembly as a program, by whichever host it was started.</summary>
    private static ProcessStartInfo Itself()
    {
        var host = Environment.ProcessPath!;
        var start = new ProcessStartInfo(host)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(host) == "dotnet")
        {
            start.ArgumentList.Add(typeof(KillTests).Assembly.Location);
        }

        return start;
    }
}
