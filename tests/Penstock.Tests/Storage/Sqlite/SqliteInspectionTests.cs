using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Penstock.Registry;
using Penstock.Storage;
using Penstock.Storage.Sqlite;
using Penstock.Tests.Registry;

namespace Penstock.Tests.Storage.Sqlite;

/// <summary>A look changes nothing, whatever state the files are in.</summary>
public sealed class SqliteInspectionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Data => _folder.File("data");

    [Fact]
    public async Task No_database_is_no_problem()
    {
        Assert.False((await LookAsync(_folder.Path)).Exists);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("data")]
    [InlineData("odd %41 name?#&")]
    public async Task A_database_that_was_closed_is_read_as_it_lies(string name)
    {
        var path = _folder.File(name);
        using (var registry = await TestRegistry.OpenAsync(path))
        {
            await registry.MakeWorkspaceAsync("acme");
        }

        var before = Contents(path);
        var findings = await LookAsync(path);

        Assert.Equal(before, Contents(path));
        Assert.Null(findings.Problem);
        Assert.Empty(findings.Damage);
        Assert.Equal("acme", Assert.Single(findings.State!.Workspaces.Values).Name);
    }

    [Fact]
    public async Task A_database_in_use_shows_what_was_acknowledged_and_goes_on()
    {
        using var registry = await TestRegistry.OpenAsync(Data);
        await registry.MakeWorkspaceAsync("acme");

        var findings = await LookAsync(Data);
        await registry.MakeWorkspaceAsync("later");

        Assert.Null(findings.Problem);
        Assert.Equal("acme", Assert.Single(findings.State!.Workspaces.Values).Name);
        Assert.Equal(registry.Time.GetUtcNow(), findings.LastChange);
        Assert.Equal(2, (await LookAsync(Data)).State!.Workspaces.Count);
    }

    [Fact]
    public async Task What_a_killed_server_left_is_read_whole_and_left_to_it()
    {
        var path = _folder.File("killed");
        Directory.CreateDirectory(path);
        using (var registry = await TestRegistry.OpenAsync(Data))
        {
            await registry.MakeWorkspaceAsync("acme");
            foreach (var file in Directory.EnumerateFiles(Data, "penstock.db*"))
            {
                File.Copy(file, Path.Combine(path, Path.GetFileName(file)));
            }
        }

        string[] kept = ["penstock.db", "penstock.db-wal"];
        var before = Contents(path).Where(file => kept.Contains(file.Name)).ToList();
        var names = Contents(path).Select(file => file.Name).ToList();
        var findings = await LookAsync(path);

        Assert.Equal("acme", Assert.Single(findings.State!.Workspaces.Values).Name);
        // The index of the log is SQLite's to make anew; what it indexes is not touched.
        Assert.Equal(before, Contents(path).Where(file => kept.Contains(file.Name)));
        Assert.Equal(names, Contents(path).Select(file => file.Name));
    }

    [Fact]
    public async Task A_log_without_its_index_is_told_and_not_read()
    {
        var path = _folder.File("copied");
        Directory.CreateDirectory(path);
        using (var registry = await TestRegistry.OpenAsync(Data))
        {
            File.Copy(Path.Combine(Data, "penstock.db"), Path.Combine(path, "penstock.db"));
            File.Copy(Path.Combine(Data, "penstock.db-wal"), Path.Combine(path, "penstock.db-wal"));
        }

        var before = Contents(path);
        var findings = await LookAsync(path);

        Assert.Contains("an unfinished log without its index", findings.Problem, StringComparison.Ordinal);
        Assert.Null(findings.State);
        Assert.Equal(before, Contents(path));
    }

    [Fact]
    public async Task A_page_that_is_overwritten_is_damage()
    {
        using (var registry = await TestRegistry.OpenAsync(Data))
        {
            await registry.MakeWorkspaceAsync("acme");
        }

        var file = Path.Combine(Data, "penstock.db");
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        // The first page says where everything is; a page of some table behind it loses its head.
        bytes.AsSpan(4096 * 3, 64).Fill(0xff);
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);

        var findings = await LookAsync(Data);

        Assert.True(findings.Damage.Count > 0 || findings.Problem is not null);
        Assert.Null(findings.State);
    }

    [Fact]
    public async Task A_newer_schema_is_not_read()
    {
        using (await TestRegistry.OpenAsync(Data))
        {
            Execute("INSERT INTO schema_migrations VALUES (9999, '9999_future', 'x', 0)");
        }

        Assert.Contains("made by a newer Penstock", (await LookAsync(Data)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_programs_database_is_told()
    {
        Directory.CreateDirectory(Data);
        Execute("CREATE TABLE t (x INTEGER)");

        Assert.Contains("not a Penstock's", (await LookAsync(Data)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_file_is_a_database_that_was_not_begun()
    {
        Directory.CreateDirectory(Data);
        File.WriteAllBytes(Path.Combine(Data, "penstock.db"), []);

        var findings = await LookAsync(Data);

        Assert.Null(findings.Problem);
        Assert.Equal(Migration.Embedded(SqliteMigrations.Registry).Count, findings.MissingSteps);
    }

    [Fact]
    public async Task Rubbish_is_told()
    {
        _folder.Write("penstock.db", new string('x', 8192));

        Assert.Contains(
            "is not a usable SQLite database",
            (await LookAsync(_folder.Path)).Problem,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Credentials_without_their_key_file_are_told()
    {
        using (var registry = await TestRegistry.OpenAsync(Data))
        {
            await registry.MakeWorkspaceAsync("acme");
            await registry.MakeDeploymentAsync(
                "acme",
                "m",
                spec =>
                    spec with
                    {
                        Replicas =
                        [
                            new(
                                new ReplicaRecord { Url = "http://127.0.0.1:8000", ApiKey = new Secret("s3cret") },
                                SaysCredential: true
                            ),
                        ],
                    }
            );
        }

        Assert.Equal(
            "s3cret",
            Assert.Single((await LookAsync(Data)).State!.Deployments.Values).Replicas[0].ApiKey!.Value.Value
        );
        File.Delete(Path.Combine(Data, SealingKey.FileName));

        var findings = await LookAsync(Data);

        Assert.Contains($"has no {SealingKey.FileName}", findings.Problem, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Data, SealingKey.FileName)));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<StoreFindings> LookAsync(string path)
    {
        var folder = DataFolder.At(path);
        using var secrets = SecretBox.Find(folder, new SecretOptions());
        var known = Migration.Embedded(SqliteMigrations.Registry);
        var inspection = new SqliteInspection(folder.File(SqliteDatabase.FileName), secrets, known);
        return await inspection.LookAsync(TestContext.Current.CancellationToken);
    }

    private static List<(string Name, string Hash)> Contents(string folder) =>
        [
            .. Directory
                .EnumerateFiles(folder)
                .Order()
                .Select(file =>
                    (Path.GetFileName(file), Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))))
                ),
        ];

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Data}/penstock.db;Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
