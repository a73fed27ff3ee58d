using System.Buffers;
using System.Text;
using SQLitePCL;

namespace Loire.EventLog.Sqlite;

/// <summary>A prepared statement. Parameters count from 1, columns from 0.</summary>
internal sealed class Statement(Connection connection, sqlite3_stmt handle) : IDisposable
{
    private const int StackBytes = 768;

    public Statement Bind(int index, long value) => Check(raw.sqlite3_bind_int64(handle, index, value));

    public Statement Bind(int index, double value) => Check(raw.sqlite3_bind_double(handle, index, value));

    public Statement BindNull(int index) => Check(raw.sqlite3_bind_null(handle, index));

    public Statement Bind(int index, long? value) => value is { } number ? Bind(index, number) : BindNull(index);

    /// <exception cref="EncoderFallbackException">The text holds an unpaired surrogate.</exception>
    public Statement Bind(int index, string? value)
    {
        if (value is null)
        {
            return BindNull(index);
        }

        if (value.Length * 3 <= StackBytes)
        {
            Span<byte> bytes = stackalloc byte[StackBytes];
            return BindText(index, bytes[..StrictUtf8.Encoding.GetBytes(value, bytes)]);
        }

        var rented = ArrayPool<byte>.Shared.Rent(StrictUtf8.Encoding.GetByteCount(value));
        try
        {
            return BindText(index, rented.AsSpan(0, StrictUtf8.Encoding.GetBytes(value, rented)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    public Statement BindText(int index, ReadOnlySpan<byte> utf8) =>
        // An empty span has no address, and SQLite takes a missing address for NULL.
        Check(utf8.IsEmpty ? raw.sqlite3_bind_text(handle, index, "") : raw.sqlite3_bind_text(handle, index, utf8));

    public Statement BindBlob(int index, ReadOnlySpan<byte> bytes) =>
        Check(bytes.IsEmpty ? raw.sqlite3_bind_zeroblob(handle, index, 0) : raw.sqlite3_bind_blob(handle, index, bytes));

    /// <summary>Goes to the next row.</summary>
    /// <returns><see langword="false"/> when there is none.</returns>
    public bool Step() => raw.sqlite3_step(handle) switch
    {
        raw.SQLITE_ROW => true,
        raw.SQLITE_DONE => false,
        var code => throw connection.Error(code),
    };

    /// <summary>Carries out a statement that gives no rows, and makes it ready for other parameters.</summary>
    public void Run()
    {
        Step();
        raw.sqlite3_reset(handle);
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public int Type(int column) => raw.sqlite3_column_type(handle, column);

    public long Int64(int column) => raw.sqlite3_column_int64(handle, column);

    public double Double(int column) => raw.sqlite3_column_double(handle, column);

    /// <summary>The bytes of a text or a blob, valid until the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(handle, column);

    // Read as bytes: SQLite's text ends at the first NUL character.
    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <summary>Makes the statement ready for its next use.</summary>
    public void Dispose()
    {
        raw.sqlite3_reset(handle);
        raw.sqlite3_clear_bindings(handle);
    }

    public void Free() => raw.sqlite3_finalize(handle);

    private Statement Check(int code) => code == raw.SQLITE_OK ? this : throw connection.Error(code);
}
