using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Penstock.Storage.Sqlite;

/// <summary>
/// A statement that is run once a row, with its parameters bound by place, in the order in which they stand in its text.
/// SQLite is called without a parameter object between, which costs several times as much as the insertion itself, and is
/// not told again what it was told for the row before: most of a row is the same key, model and engine.
/// </summary>
/// <exception cref="SqliteException">From every member: what SQLite says.</exception>
internal sealed class RowStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly BoundValue[] _bound;
    private byte[] _text = new byte[256];
    private int _place;

    public RowStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
        Check(raw.sqlite3_prepare_v2(_database, sql, out _statement));
        _bound = new BoundValue[raw.sqlite3_bind_parameter_count(_statement)];
    }

    public RowStatement Add(long value)
    {
        if (IsNew(BoundValue.Of(value)))
        {
            Check(raw.sqlite3_bind_int64(_statement, _place, value));
        }

        return this;
    }

    public RowStatement Add(bool value) => Add(value ? 1L : 0L);

    public RowStatement Add(long? value) => value is { } known ? Add(known) : AddNull();

    public RowStatement Add(Guid? value) => value is { } known ? Add(known) : AddNull();

    /// <summary>As 16 bytes, most significant first.</summary>
    public RowStatement Add(Guid value)
    {
        if (IsNew(BoundValue.Of(value)))
        {
            Span<byte> bytes = stackalloc byte[16];
            value.TryWriteBytes(bytes, bigEndian: true, out _);
            Check(raw.sqlite3_bind_blob(_statement, _place, bytes));
        }

        return this;
    }

    public RowStatement Add(string? value)
    {
        if (value is null)
        {
            return AddNull();
        }

        if (IsNew(BoundValue.Of(value)))
        {
            Bind(value);
        }

        return this;
    }

    /// <returns>How many rows are new or changed.</returns>
    public int Run()
    {
        var result = raw.sqlite3_step(_statement);
        _place = 0;
        // The step's own code says more than the reset's, which repeats it.
        raw.sqlite3_reset(_statement);
        Check(result);
        return raw.sqlite3_changes(_database);
    }

    public void Dispose() => _statement.Dispose();

    private RowStatement AddNull()
    {
        if (IsNew(BoundValue.Null))
        {
            Check(raw.sqlite3_bind_null(_statement, _place));
        }

        return this;
    }

    private void Bind(string value)
    {
        if (Encoding.UTF8.GetMaxByteCount(value.Length) is var most && most > _text.Length)
        {
            _text = new byte[most];
        }
        var length = Encoding.UTF8.GetBytes(value, _text);
        // An empty span would be bound as null.
        Check(
            length > 0
                ? raw.sqlite3_bind_text(_statement, _place, _text.AsSpan(0, length))
                : raw.sqlite3_bind_text(_statement, _place, "")
        );
    }

    /// <summary>Goes on to the next place; true when something else stands there.</summary>
    private bool IsNew(in BoundValue value)
    {
        ref var bound = ref _bound[_place++];
        if (bound.Equals(value))
        {
            return false;
        }

        bound = value;
        return true;
    }

    private void Check(int result)
    {
        if (result is not (raw.SQLITE_OK or raw.SQLITE_DONE))
        {
            // Whether SQLite has what it was told is not known any more; the next row begins anew.
            _place = 0;
            _bound?.AsSpan().Clear();
            SqliteException.ThrowExceptionForRC(result, _database);
        }
    }
}
