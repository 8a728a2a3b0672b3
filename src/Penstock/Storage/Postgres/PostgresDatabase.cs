using Npgsql;
using Penstock.Registry;

namespace Penstock.Storage.Postgres;

/// <summary>
/// One database on a server: a bounded pool of connections, a bound on every statement, and its schema, which is brought up
/// to date before the first use.
/// </summary>
internal sealed class PostgresDatabase : IAsyncDisposable, IDisposable
{
    /// <summary>Of an integrity constraint that was broken: a bug of ours, not a database that is away.</summary>
    private const string IntegrityClass = "23";

    /// <summary>
    /// The answers of the server come in on the sockets' own threads, and what waits for them would go on there, with a
    /// thousand keys to read while streams wait. An await under a scheduler that is not the default one comes back to it.
    /// </summary>
    private static readonly TaskScheduler OnThePool = new ConcurrentExclusiveSchedulerPair().ConcurrentScheduler;

    private readonly NpgsqlDataSource _source;
    private readonly string _ofMigrations;
    private readonly PostgresMigrations _migrations;
    private readonly SemaphoreSlim _migrating = new(1, 1);
    private volatile bool _migrated;

    public PostgresDatabase(DatabaseOptions options, TimeProvider time, IReadOnlyList<Migration>? steps = null)
    {
        var settings = Settings(options);
        // Without the user and the password: for messages.
        Name = $"{settings.Host}:{settings.Port}/{settings.Database ?? settings.Username}";
        _source = NpgsqlDataSource.Create(settings);
        (settings.Pooling, settings.CommandTimeout) = (false, options.MigrationSeconds);
        _ofMigrations = settings.ConnectionString;
        _migrations = new PostgresMigrations(steps ?? Migration.Embedded(PostgresMigrations.Series), time);
    }

    /// <summary>How its operator knows it.</summary>
    public string Name { get; }

    /// <summary>Runs something on a database that has the newest schema, on threads of the pool.</summary>
    /// <exception cref="StoreAwayException">It cannot be reached, did not answer in time or does not want to.</exception>
    public Task<T> UseAsync<T>(Func<NpgsqlConnection, Task<T>> use, CancellationToken cancellationToken) =>
        Task
            .Factory.StartNew(
                () => UseHereAsync(use, cancellationToken),
                CancellationToken.None,
                TaskCreationOptions.DenyChildAttach,
                OnThePool
            )
            .Unwrap();

    /// <summary>Runs something on the database as it is, for who only looks.</summary>
    public async Task<T> LookAsync<T>(Func<NpgsqlConnection, Task<T>> look, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _source.OpenConnectionAsync(cancellationToken);
            return await look(connection);
        }
        catch (NpgsqlException error)
        {
            throw Away(error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _migrating.Dispose();
        await _source.DisposeAsync();
    }

    public void Dispose()
    {
        _migrating.Dispose();
        _source.Dispose();
    }

    private async Task<T> UseHereAsync<T>(Func<NpgsqlConnection, Task<T>> use, CancellationToken cancellationToken)
    {
        try
        {
            await MigrateAsync(cancellationToken);
            await using var connection = await _source.OpenConnectionAsync(cancellationToken);
            return await use(connection);
        }
        catch (NpgsqlException error) when (!IsIntegrity(error))
        {
            throw Away(error);
        }
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        if (_migrated)
        {
            return;
        }

        await _migrating.WaitAsync(cancellationToken);
        try
        {
            if (!_migrated)
            {
                await using var connection = new NpgsqlConnection(_ofMigrations);
                await connection.OpenAsync(cancellationToken);
                await _migrations.ApplyAsync(connection, Name, cancellationToken);
                _migrated = true;
            }
        }
        finally
        {
            _migrating.Release();
        }
    }

    private static NpgsqlConnectionStringBuilder Settings(DatabaseOptions options)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(options.Connection)
            {
                ApplicationName = "penstock",
                Timeout = options.ConnectSeconds,
                CommandTimeout = options.CommandSeconds,
                // How long a server is waited for that was asked to give a statement up.
                CancellationTimeout = 1_000,
                MaxPoolSize = options.Connections,
            };
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            throw new StoreException(
                $"Database:Connection cannot be used: {error.Message} It is made like Host=db;Database=penstock;Username=u.",
                error
            );
        }
    }

    private StoreAwayException Away(NpgsqlException error) =>
        new($"The database {Name} cannot be used: {error.GetBaseException().Message}", error);

    private static bool IsIntegrity(NpgsqlException error) =>
        error.SqlState?.StartsWith(IntegrityClass, StringComparison.Ordinal) == true;
}
