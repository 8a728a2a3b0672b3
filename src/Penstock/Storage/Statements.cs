using System.Data.Common;

namespace Penstock.Storage;

/// <summary>
/// Statements on an open connection, inside whatever transaction is open on it. SQLite has no other way than to block its
/// thread: there every task is complete when it is returned.
/// </summary>
internal static class Statements
{
    public static async Task<List<T>> RowsAsync<T>(
        this DbConnection connection,
        string sql,
        Func<DbDataReader, T> read,
        CancellationToken cancellationToken,
        params (string Name, object? Value)[] parameters
    )
    {
        await using var command = connection.Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <returns>How many rows it has changed.</returns>
    public static async Task<int> ExecuteAsync(
        this DbConnection connection,
        string sql,
        CancellationToken cancellationToken,
        params (string Name, object? Value)[] parameters
    )
    {
        await using var command = connection.Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static DbCommand Command(
        this DbConnection connection,
        string sql,
        IEnumerable<(string Name, object? Value)> parameters
    )
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Bind(name, value);
        }

        return command;
    }
}
