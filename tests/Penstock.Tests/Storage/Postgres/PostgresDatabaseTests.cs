using Npgsql;

namespace Penstock.Tests.Storage.Postgres;

public sealed class PostgresDatabaseTests
{
    [Fact]
    public async Task Work_on_the_database_stays_off_the_thread_that_asked_for_it_and_off_the_sockets_threads()
    {
        using var test = await TestDatabase.NewAsync();
        var database = test.Open();
        var stop = TestContext.Current.CancellationToken;
        var onThePool = new List<bool>();
        Task? work = null;

        var socketThread = new Thread(() => work = database.UseAsync(WorkAsync, stop));
        socketThread.Start();
        socketThread.Join();
        await work!;

        Assert.Equal([true, true], onThePool);

        async Task<bool> WorkAsync(NpgsqlConnection connection)
        {
            onThePool.Add(Thread.CurrentThread.IsThreadPoolThread);
            await using var command = new NpgsqlCommand("SELECT pg_sleep(0.01)", connection);
            await command.ExecuteNonQueryAsync(stop);
            onThePool.Add(Thread.CurrentThread.IsThreadPoolThread && TaskScheduler.Current != TaskScheduler.Default);
            return true;
        }
    }
}
