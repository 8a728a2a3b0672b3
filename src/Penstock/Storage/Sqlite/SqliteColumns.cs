using Microsoft.Data.Sqlite;

namespace Penstock.Storage.Sqlite;

/// <summary>The column forms of the schema: UUIDs as text, times as milliseconds since 1970.</summary>
internal static class SqliteColumns
{
    public static Guid Id(this SqliteDataReader reader, int column) => Guid.ParseExact(reader.GetString(column), "D");

    public static Guid? IdOrNull(this SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.Id(column);

    public static string? TextOrNull(this SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

    public static int? NumberOrNull(this SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetInt32(column);

    public static byte[]? BytesOrNull(this SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<byte[]>(column);

    public static DateTimeOffset Moment(this SqliteDataReader reader, int column) =>
        DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column));

    public static DateTimeOffset? MomentOrNull(this SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.Moment(column);

    /// <summary>Binds a value in its column's form; null is NULL.</summary>
    public static void Bind(this SqliteCommand command, string name, object? value) =>
        command.Parameters.AddWithValue(
            name,
            value switch
            {
                null => DBNull.Value,
                Guid id => id.ToString("D"),
                DateTimeOffset moment => moment.ToUnixTimeMilliseconds(),
                bool flag => flag ? 1 : 0,
                _ => value,
            }
        );
}
