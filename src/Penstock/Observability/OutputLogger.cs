using System.Buffers;
using System.Globalization;
using System.Text;

namespace Penstock.Observability;

/// <summary>Writes what one category logs as lines of <see cref="LogOutput"/>.</summary>
internal sealed class OutputLogger(string category, LogFormat format, LogOutput output, TimeProvider time) : ILogger
{
    /// <summary>A usual line is a tenth of this; a stack trace may need all of it.</summary>
    private const int LongestLine = 16 * 1024;

    private const int UsualLine = 2 * 1024;

    private readonly byte[] _shortCategory = Encoding.UTF8.GetBytes(" " + category[(category.LastIndexOf('.') + 1)..]);

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (state is ILogFields fields)
        {
            Span<byte> buffer = stackalloc byte[UsualLine];
            var line = Begin(buffer, logLevel, eventId);
            fields.Write(ref line);
            line.End();
            output.Write(buffer[..line.Length]);
        }
        else
        {
            WriteMessage(logLevel, eventId, formatter(state, exception), state, exception);
        }
        if (logLevel >= LogLevel.Warning)
        {
            output.Hurry();
        }
    }

    private void WriteMessage<TState>(LogLevel level, EventId id, string message, TState state, Exception? exception)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(LongestLine);
        try
        {
            var line = Begin(buffer.AsSpan(0, LongestLine), level, id);
            if (format == LogFormat.Json)
            {
                line.Add("message", message);
                AddMembers(ref line, state);
                line.Add("exception", exception?.ToString());
            }
            else
            {
                line.Put(Encoding.UTF8.GetBytes(" " + OneLine(message)));
                if (exception is not null)
                {
                    line.Put(Encoding.UTF8.GetBytes("\n" + exception));
                }
            }
            line.End();
            output.Write(buffer.AsSpan(0, line.Length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void AddMembers<TState>(ref LogLine line, TState state)
    {
        if (state is not IReadOnlyList<KeyValuePair<string, object?>> members)
        {
            return;
        }

        foreach (var (name, value) in members)
        {
            if (name != "{OriginalFormat}")
            {
                line.Add(name, Convert.ToString(value, CultureInfo.InvariantCulture));
            }
        }
    }

    private LogLine Begin(Span<byte> buffer, LogLevel level, EventId id)
    {
        var line = new LogLine(buffer, format);
        // The round-trip form has a fast path of its own; behind its milliseconds it is cut off.
        Span<byte> whole = stackalloc byte[28];
        time.GetUtcNow().UtcDateTime.TryFormat(whole, out _, "O", CultureInfo.InvariantCulture);
        var stamp = whole[..24];
        stamp[23] = (byte)'Z';
        if (format == LogFormat.Json)
        {
            line.Put("{\"time\":\""u8);
            line.Put(stamp);
            line.Put("\""u8);
            line.Add("level", Name(level));
            line.Add("category", category);
            line.Add("event", id.Name);
            return line;
        }
        line.Put(stamp);
        line.Put(" "u8);
        line.Put(ShortName(level));
        line.Put(_shortCategory);
        return line;
    }

    /// <summary>A value that holds a line end must not look like a line of its own.</summary>
    private static string OneLine(string message) =>
        message.AsSpan().ContainsAny('\r', '\n') ? message.ReplaceLineEndings(" ⏎ ") : message;

    private static string Name(LogLevel level) =>
        level switch
        {
            LogLevel.Trace => "trace",
            LogLevel.Debug => "debug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warning",
            LogLevel.Error => "error",
            _ => "critical",
        };

    private static ReadOnlySpan<byte> ShortName(LogLevel level) =>
        level switch
        {
            LogLevel.Trace => "trce"u8,
            LogLevel.Debug => "dbug"u8,
            LogLevel.Information => "info"u8,
            LogLevel.Warning => "warn"u8,
            LogLevel.Error => "fail"u8,
            _ => "crit"u8,
        };
}
