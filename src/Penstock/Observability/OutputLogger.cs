using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Penstock.Observability;

/// <summary>Writes what one category logs as lines of <see cref="LogOutput"/>.</summary>
internal sealed class OutputLogger(string category, LogFormat format, LogOutput output, TimeProvider time) : ILogger
{
    /// <summary>A usual line is a tenth of this; a stack trace may need all of it.</summary>
    private const int LongestLine = 16 * 1024;

    private const int UsualLine = 2 * 1024;

    /// <summary>The beginning of each level's lines, made with the first of them.</summary>
    private readonly byte[]?[] _heads = new byte[]?[(int)LogLevel.None];

    private readonly LogStamp _stamp = new();

    /// <summary>What stands before a line's moment in JSON.</summary>
    private static ReadOnlySpan<byte> BeforeStamp => "{\"time\":\""u8;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    [SkipLocalsInit]
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
            var line = Begin(buffer, logLevel, eventId, fields.At);
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
            var line = Begin(buffer.AsSpan(0, LongestLine), level, id, time.GetUtcNow());
            if (format == LogFormat.Json)
            {
                line.Add("message"u8, message);
                AddMembers(ref line, state);
                line.Add("exception"u8, exception?.ToString());
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
                line.Add(Encoding.UTF8.GetBytes(name), Convert.ToString(value, CultureInfo.InvariantCulture));
            }
        }
    }

    private LogLine Begin(Span<byte> buffer, LogLevel level, EventId id, DateTimeOffset moment)
    {
        var line = new LogLine(buffer, format);
        line.Put(_heads[(int)level] ??= Head(level));
        _stamp.Write(moment, buffer[(format == LogFormat.Json ? BeforeStamp.Length : 0)..]);
        if (format == LogFormat.Json)
        {
            line.Add("event"u8, id.Name);
        }

        return line;
    }

    /// <summary>With room for the moment.</summary>
    private byte[] Head(LogLevel level)
    {
        Span<byte> buffer = new byte[LongestLine];
        ReadOnlySpan<byte> stamp = stackalloc byte[LogStamp.Bytes];
        var line = new LogLine(buffer, format);
        if (format == LogFormat.Json)
        {
            line.Put(BeforeStamp);
            line.Put(stamp);
            line.Put("\""u8);
            line.Add("level"u8, Name(level));
            line.Add("category"u8, category);
        }
        else
        {
            line.Put(stamp);
            line.Put(" "u8);
            line.Put(ShortName(level));
            line.Put(Encoding.UTF8.GetBytes(" " + category[(category.LastIndexOf('.') + 1)..]));
        }

        return buffer[..line.Length].ToArray();
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
