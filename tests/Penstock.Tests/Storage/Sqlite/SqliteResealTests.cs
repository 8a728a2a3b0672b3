using Microsoft.Data.Sqlite;
using Penstock.Registry;
using Penstock.Storage;
using Penstock.Storage.Sqlite;
using Penstock.Tests.Registry;

namespace Penstock.Tests.Storage.Sqlite;

public sealed class SqliteResealTests : ResealingContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<SqliteRegistryStore> _opened = [];

    private string Database => _folder.File(SqliteDatabase.FileName);

    [Fact]
    public async Task Where_there_is_no_database_none_is_made()
    {
        using var box = new SecretBox(new byte[SealingKey.Length]);

        var error = await Assert.ThrowsAsync<StoreException>(() =>
            ResealAsync(new Resealing(box, box, TimeProvider.System))
        );

        Assert.Contains($"no database {Database}", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Database));
    }

    public void Dispose()
    {
        CloseAll();
        CloseBoxes();
        _folder.Dispose();
    }

    private protected override IRegistryStore Open(SecretBox secrets)
    {
        var store = new SqliteRegistryStore(new SqliteDatabase(Database, TimeProvider.System), secrets);
        _opened.Add(store);
        return store;
    }

    private protected override Task ResealAsync(Resealing resealing)
    {
        CloseAll();
        return SqliteReseal.RunAsync(Database, resealing, TimeProvider.System, Stop);
    }

    private protected override async Task WriteSealAsync(Guid deployment, byte[] box)
    {
        await using SqliteConnection connection = new SqliteDatabase(Database, TimeProvider.System).Open();
        await using var command = connection.CreateCommand();
        command.CommandText = "UPDATE replicas SET sealed_api_key = @box WHERE deployment_id = @id";
        command.Parameters.AddWithValue("@box", box);
        command.Parameters.AddWithValue("@id", deployment.ToString("D"));
        Assert.Equal(1, await command.ExecuteNonQueryAsync(Stop));
    }

    private void CloseAll()
    {
        _opened.ForEach(store => store.Dispose());
        _opened.Clear();
    }
}
