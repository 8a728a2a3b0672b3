using System.Data.Common;

namespace Penstock.Storage;

/// <summary>The column forms that every database of ours shares: UUIDs as text, times as milliseconds since 1970.</summary>
internal static class Columns
{
    public static Guid Id(this DbDataReader reader, int column) => Guid.ParseExact(reader.GetString(column), "D");

    public static Guid? IdOrNull(this DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.Id(column);

    public static string? TextOrNull(this DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

    public static int? NumberOrNull(this DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetInt32(column);

    public static byte[]? BytesOrNull(this DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<byte[]>(column);

    public static DateTimeOffset Moment(this DbDataReader reader, int column) =>
        DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column));

    public static DateTimeOffset? MomentOrNull(this DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.Moment(column);

    /// <summary>Binds a value in its column's form; null is NULL.</summary>
    public static void Bind(this DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value switch
        {
            null => DBNull.Value,
            Guid id => id.ToString("D"),
            DateTimeOffset moment => moment.ToUnixTimeMilliseconds(),
            _ => value,
        };
        command.Parameters.Add(parameter);
    }
}
