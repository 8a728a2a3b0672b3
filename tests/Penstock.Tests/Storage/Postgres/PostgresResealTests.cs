using Npgsql;
using Penstock.Registry;
using Penstock.Storage;
using Penstock.Storage.Postgres;

namespace Penstock.Tests.Storage.Postgres;

public sealed class PostgresResealTests : ResealingContract, IAsyncLifetime
{
    private readonly List<PostgresDatabase> _opened = [];
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.NewAsync();

    [Fact]
    public async Task While_a_gateway_is_connected_nothing_is_begun()
    {
        await using var other = _database.Open();
        await other.UseAsync(static _ => Task.FromResult(true), Stop);
        using var box = new SecretBox(new byte[SealingKey.Length]);

        var error = await Assert.ThrowsAsync<StoreException>(() =>
            PostgresReseal.RunAsync(_database.Open(), new Resealing(box, box, TimeProvider.System), Stop)
        );

        Assert.Contains("Stop all gateways", error.Message, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync()
    {
        _opened.ForEach(database => database.Dispose());
        _database.Dispose();
        CloseBoxes();
        return ValueTask.CompletedTask;
    }

    private protected override IRegistryStore Open(SecretBox secrets)
    {
        var database = _database.Open();
        _opened.Add(database);
        return new PostgresRegistryStore(database, secrets, new DatabaseOptions());
    }

    private protected override async Task ResealAsync(Resealing resealing)
    {
        await CloseAllAsync();
        await using var database = _database.Open();
        await PostgresReseal.RunAsync(database, resealing, Stop);
    }

    private protected override async Task WriteSealAsync(Guid deployment, byte[] box)
    {
        await using var connection = await _database.ConnectAsync();
        await using var command = new NpgsqlCommand(
            "UPDATE replicas SET sealed_api_key = @box WHERE deployment_id = @id",
            connection
        );
        command.Parameters.AddWithValue("box", box);
        command.Parameters.AddWithValue("id", deployment.ToString("D"));
        Assert.Equal(1, await command.ExecuteNonQueryAsync(Stop));
    }

    /// <summary>Returns when the server has noticed, too.</summary>
    private async Task CloseAllAsync()
    {
        _opened.ForEach(database => database.Dispose());
        _opened.Clear();
        const string Sessions = """
            SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'penstock'
            """;
        while (await _database.NumberAsync(Sessions) > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Stop);
        }
    }
}
