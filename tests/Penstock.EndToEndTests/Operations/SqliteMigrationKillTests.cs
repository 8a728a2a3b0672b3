using System.Diagnostics;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Operations;

/// <summary>
/// kill -9 while a gateway brings a large database of the first release to the newest schema: what it leaves is opened by
/// the next start, with everything in it.
/// </summary>
public sealed class SqliteMigrationKillTests
{
    /// <summary>Kills that have to land between the first and the last commit of the steps.</summary>
    private const int Wanted = 6;

    private const int MostStarts = 60;

    private static readonly int Newest = Directory.GetFiles(FirstRelease.Schema("Sqlite/Migrations"), "*.sql").Length;

    [Fact]
    public async Task A_gateway_killed_while_it_migrates_leaves_a_database_that_the_next_start_opens()
    {
        using var release = new TempFolder();
        await FirstRelease.MakeAsync(release.Path);
        var delay = TimeSpan.Zero;
        var landed = new List<long>();
        for (var starts = 0; landed.Count < Wanted; starts++)
        {
            Assert.True(starts < MostStarts, $"Only {landed.Count} of {starts} kills landed within the migration.");
            using var folder = new TempFolder();
            Copy(release.Path, folder.File("data"));
            await StartAndKillAsync(folder, delay);
            var steps = await StepsAsync(folder);
            if (steps == Newest)
            {
                // Too late. At no delay it dies right after the first step's commit.
                delay /= 2;
                continue;
            }

            landed.Add(steps);
            delay += TimeSpan.FromMilliseconds(10);
            await AssertOpensAsync(folder);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"Killed after step {string.Join(", ", landed)} of {Newest}.");
    }

    [Fact]
    public async Task A_first_start_that_is_killed_leaves_a_folder_that_the_next_start_goes_on_with()
    {
        string[] moments = ["lock", "ledger.db", "ledger.db-wal", "penstock.db", "penstock.db-wal"];
        foreach (var moment in moments)
        {
            using var folder = new TempFolder();
            await KillAsync(folder, () => File.Exists(folder.File($"data/{moment}")), TimeSpan.Zero);

            await using var gateway = await GatewayProcess.StartAsync(folder, ["--no-discovery"]);

            Assert.Equal(Newest, await SqliteShell.NumberAsync(folder.File("data/penstock.db"), Versions));
            await gateway.Admin.CreateAsync("keys", new() { ["workspace"] = "default", ["name"] = "after" });
        }
    }

    private const string Versions = "SELECT count(*) FROM schema_migrations";

    /// <summary>The first thing that the log of the database holds is a step's commit.</summary>
    private static Task StartAndKillAsync(TempFolder folder, TimeSpan delay)
    {
        var log = new FileInfo(folder.File("data/penstock.db-wal"));
        return KillAsync(folder, HasBegun, delay);

        bool HasBegun()
        {
            log.Refresh();
            return log is { Exists: true, Length: > 0 };
        }
    }

    private static async Task KillAsync(TempFolder folder, Func<bool> moment, TimeSpan delay)
    {
        string[] arguments = ["serve", "--urls", $"http://127.0.0.1:{FreePort.Take()}", "--no-discovery"];
        await using var gateway = ChildProcess.Start(
            "dotnet",
            [Built.Penstock, .. arguments, "--data", folder.File("data")],
            folder: folder.Path
        );
        var clock = Stopwatch.StartNew();
        while (!moment())
        {
            Assert.False(gateway.HasExited || clock.Elapsed > Until.Patience, gateway.Output.ToString());
            // Finer than the steps are long.
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
        }

        await Task.Delay(delay, TimeProvider.System, CancellationToken.None);
        gateway.KillHard();
        await gateway.WaitForExitAsync();
    }

    /// <summary>Looked at in a copy: to recover the database is the next gateway's.</summary>
    private static async Task<long> StepsAsync(TempFolder folder)
    {
        using var copy = new TempFolder();
        Copy(folder.File("data"), copy.File("data"));
        return await SqliteShell.NumberAsync(copy.File("data/penstock.db"), Versions);
    }

    private static async Task AssertOpensAsync(TempFolder folder)
    {
        await using var gateway = await GatewayProcess.StartAsync(folder, ["--no-discovery"]);
        var client = gateway.WithSecret(Declaration.Secret(FirstRelease.Key));

        (await client.GetAsync("/v1/models")).Expect(200);
        var usage = (await gateway.Admin.GetAsync("usage?by=day")).Expect(200).Json["data"]!.AsArray();
        Assert.Equal(FirstRelease.Requests, usage.Sum(row => row!["requests"]!.GetValue<long>()));
        Assert.Equal(
            FirstRelease.Requests * FirstRelease.PromptTokens,
            usage.Sum(row => row!["prompt_tokens"]!.GetValue<long>())
        );
        var rows = await SqliteShell.RunAsync(
            folder.File("data/penstock.db"),
            Versions,
            FirstRelease.Contents,
            "PRAGMA quick_check"
        );
        Assert.Equal(
            [
                [$"{Newest}"],
                FirstRelease.ContentsOf(FirstRelease.Keys),
                ["ok"],
            ],
            rows
        );
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
