using System.Globalization;
using System.Runtime.Versioning;
using Penstock.Registry;
using Penstock.Storage;
using Penstock.Tests.Registry;

namespace Penstock.Tests.Storage;

[UnsupportedOSPlatform("windows")]
public sealed class DataFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("data");

    [Fact]
    public void A_data_folder_is_its_owners_only()
    {
        using var data = DataFolder.Open(Path);

        Assert.Equal("rwx------", Mode(Path));
    }

    [Fact]
    public void A_folder_that_stood_open_is_closed_to_others()
    {
        Directory.CreateDirectory(Path);
        File.SetUnixFileMode(Path, (UnixFileMode)Convert.ToInt32("755", 8));

        using var data = DataFolder.Open(Path);

        Assert.Equal("rwx------", Mode(Path));
    }

    [Fact]
    public void A_second_holder_is_refused_and_told_who_the_first_is()
    {
        using var first = DataFolder.Open(Path);

        var error = Assert.Throws<StoreException>(() => DataFolder.Open(Path));

        var id = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        Assert.Contains($"is in use by another Penstock (process {id})", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_can_be_held_again_after_it_was_let_go()
    {
        DataFolder.Open(Path).Dispose();
        DataFolder.Open(Path).Dispose();
    }

    [Fact]
    public void The_key_file_is_private_and_stays_the_same()
    {
        using var data = DataFolder.Open(Path);
        byte[] sealedSecret;
        using (var first = SecretBox.Open(data, new SecretOptions()))
        {
            sealedSecret = first.Seal(new Secret("credential"), "owner");
        }

        using var second = SecretBox.Open(data, new SecretOptions());

        Assert.Equal("credential", second.Open(sealedSecret, "owner").Value);
        Assert.Equal("rw-------", Mode(data.File(SealingKey.FileName)));
    }

    [Fact]
    public void A_new_key_is_written_no_sooner_than_something_is_sealed_with_it()
    {
        using var data = DataFolder.Open(Path);
        using var box = SecretBox.Open(data, new SecretOptions());
        using var stranger = new SecretBox(new byte[SealingKey.Length]);

        var error = Assert.Throws<StoreException>(() =>
            box.Open(stranger.Seal(new Secret("credential"), "owner"), "owner")
        );

        Assert.Contains($"the data folder has no {SealingKey.FileName}", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(data.File(SealingKey.FileName)));
        box.Seal(new Secret("credential"), "owner");
        Assert.True(File.Exists(data.File(SealingKey.FileName)));
    }

    [Fact]
    public void A_sealed_secret_opens_for_its_owner_only_and_only_unchanged()
    {
        using var box = new SecretBox(new byte[32]);
        var sealedSecret = box.Seal(new Secret("credential"), "owner");

        Assert.Throws<StoreException>(() => box.Open(sealedSecret, "stranger"));
        for (var i = 0; i < sealedSecret.Length; i++)
        {
            var changed = sealedSecret.ToArray();
            changed[i] ^= 1;
            Assert.Throws<StoreException>(() => box.Open(changed, "owner"));
        }
    }

    [Fact]
    public void A_damaged_key_file_is_named_and_never_replaced()
    {
        using var data = DataFolder.Open(Path);
        File.WriteAllText(data.File(SealingKey.FileName), "rubbish");

        var error = Assert.Throws<StoreException>(() => SecretBox.Open(data, new SecretOptions()));

        Assert.Contains("is not a key", error.Message, StringComparison.Ordinal);
        Assert.Equal("rubbish", File.ReadAllText(data.File(SealingKey.FileName)));
    }

    public void Dispose() => _folder.Dispose();

    private static string Mode(string path)
    {
        var mode = (int)File.GetUnixFileMode(path);
        return string.Concat("rwxrwxrwx".Select((c, i) => (mode >> (8 - i) & 1) == 1 ? c : '-'));
    }
}
