using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Penstock.Registry;
using Penstock.Storage;
using Penstock.Storage.Sqlite;
using Penstock.Tests.Registry;

namespace Penstock.Tests.Storage.Sqlite;

public sealed class SqliteRegistryStoreTests : RegistryStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SecretBox _box = new(new byte[32]);
    private readonly List<SqliteRegistryStore> _opened = [];

    private string Database => _folder.File("penstock.db");

    [Fact]
    public async Task What_is_committed_is_flushed_to_a_write_ahead_log()
    {
        await Open().LoadAsync(Stop);
        using var connection = new SqliteDatabase(Database, TimeProvider.System).Open();

        Assert.Equal("wal", Scalar(connection, "PRAGMA journal_mode"));
        Assert.Equal(2L, Scalar(connection, "PRAGMA synchronous"));
        Assert.Equal(1L, Scalar(connection, "PRAGMA foreign_keys"));
    }

    [Fact]
    public async Task No_file_of_the_database_holds_a_credential_in_the_clear()
    {
        const string Credential = "sk-very-secret-credential";
        var store = Open();
        await store.LoadAsync(Stop);
        var replica = new ReplicaRecord { Url = "http://a:1", ApiKey = new Secret(Credential) };
        var deployment = Deployment(1) with { WorkspaceId = null, Replicas = [replica] };

        await CommitAsync(store, Created([deployment]));

        var bytes = Directory.GetFiles(_folder.Path).SelectMany(File.ReadAllBytes).ToArray();
        Assert.True(bytes.AsSpan().IndexOf("http://a:1"u8) >= 0, "The files that were searched hold the deployment.");
        Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Credential)) < 0);
    }

    [Fact]
    public async Task A_database_is_not_read_with_another_key_file()
    {
        var store = Open();
        await store.LoadAsync(Stop);
        var replica = new ReplicaRecord { Url = "http://a:1", ApiKey = new Secret("sk-secret") };
        await CommitAsync(store, Created([Deployment(1) with { WorkspaceId = null, Replicas = [replica] }]));
        Close(store);

        using var other = new SecretBox([.. Enumerable.Repeat((byte)1, 32)]);
        using var stranger = new SqliteRegistryStore(new SqliteDatabase(Database, TimeProvider.System), other);

        var error = await Assert.ThrowsAsync<StoreException>(() => stranger.LoadAsync(Stop));
        Assert.Contains("secret.key", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_named_in_the_error()
    {
        await File.WriteAllTextAsync(Database, new string('x', 8192), Stop);

        var error = await Assert.ThrowsAsync<StoreException>(() => Open().LoadAsync(Stop));

        Assert.Contains($"{Database} is not a usable SQLite database", error.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _opened.ForEach(store => store.Dispose());
        _box.Dispose();
        _folder.Dispose();
    }

    private protected override IRegistryStore Open()
    {
        var store = new SqliteRegistryStore(new SqliteDatabase(Database, new FakeTimeProvider()), _box);
        _opened.Add(store);
        return store;
    }

    private protected override void Close(IRegistryStore store) => ((SqliteRegistryStore)store).Dispose();

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
