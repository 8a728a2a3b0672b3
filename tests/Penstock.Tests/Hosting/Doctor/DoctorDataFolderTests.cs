using System.Runtime.Versioning;
using Penstock.Hosting.Doctor;
using Penstock.Storage;
using Penstock.Tests.Registry;

namespace Penstock.Tests.Hosting.Doctor;

[UnsupportedOSPlatform("windows")]
public sealed class DoctorDataFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_private_folder_that_nobody_holds_is_well()
    {
        var finding = Look(_folder.Path)[0];

        Assert.Equal(CheckStatus.Ok, finding.Status);
        Assert.EndsWith("free to be used", finding.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_others_may_read_is_told_with_its_mode()
    {
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)Convert.ToInt32("755", 8));

        var finding = Look(_folder.Path)[0];

        Assert.Equal(CheckStatus.Warning, finding.Status);
        Assert.Contains("(755)", finding.Seen, StringComparison.Ordinal);
        Assert.Contains($"chmod 700 '{_folder.Path}'", finding.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_a_problem()
    {
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var finding = Look(_folder.Path)[0];

        // Nothing keeps root from writing, and so it is told.
        Assert.Equal(Environment.IsPrivilegedProcess ? CheckStatus.Ok : CheckStatus.Problem, finding.Status);
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_judged_by_where_it_would_be()
    {
        var finding = Look(_folder.File("a/b/c"))[0];

        Assert.Equal(CheckStatus.Ok, finding.Status);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void The_room_on_the_disk_is_told() =>
        Assert.Contains("MiB are free", Look(_folder.Path)[^1].Seen, StringComparison.Ordinal);

    [Fact]
    public void The_holder_is_found_without_its_lock()
    {
        var path = _folder.File("data");
        using (DataFolder.Open(path))
        {
            Assert.Equal(Environment.ProcessId, FolderHolder.Find(path));
        }

        // The number is still written there.
        Assert.Null(FolderHolder.Find(path));
    }

    [Fact]
    public void The_holder_is_found_by_another_way_to_the_folder()
    {
        using var held = DataFolder.Open(_folder.File("data"));
        Directory.CreateSymbolicLink(_folder.File("link"), _folder.Path);

        Assert.Equal(Environment.ProcessId, FolderHolder.Find(_folder.File("link/data")));
    }

    [Fact]
    public void A_process_that_has_the_number_of_a_dead_holder_is_not_taken_for_it()
    {
        // As in containers, where the server is the same small number each time.
        using var elsewhere = DataFolder.Open(_folder.File("elsewhere"));
        Directory.CreateDirectory(_folder.File("data"));
        File.Copy(elsewhere.File(DataFolder.HolderFile), _folder.File($"data/{DataFolder.HolderFile}"));

        Assert.Null(FolderHolder.Find(_folder.File("data")));
    }

    public void Dispose() => _folder.Dispose();

    private static List<Finding> Look(string path) => [.. DataFolderCheck.Run(path, holder: null)];
}
