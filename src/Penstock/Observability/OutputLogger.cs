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

    private static readonly LogField Level = new("level");
    private static readonly LogField Category = new("category");
    private static readonly LogField Event = new("event");
    private static readonly LogField Message = new("message");
    private static readonly LogField Exception = new("exception");

    /// <summary>The beginning of each level's lines, made with the first of them.</summary>
    private readonly byte[]?[] _heads = new byte[]?[(int)LogLevel.None];

    private readonly LogStamp _stamp = new();

    /// <summary>What stands before a line's moment in JSON.</summary>
    private static ReadOnlySpan<byte> BeforeStamp => "{\"time\":\""u8;

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
            Write(logLevel, eventId, fields);
        }
        else
        {
            WriteMessage(logLevel, eventId, formatter(state, exception), state, exception);
        }
    }

    /// <summary>A line of fields that write themselves.</summary>
    [SkipLocalsInit]
    public void Write(LogLevel level, EventId id, ILogFields fields)
    {
        Span<byte> buffer = stackalloc byte[UsualLine];
        var line = Begin(buffer, level, id, fields.At);
        fields.Write(ref line);
        line.End();
        output.Write(buffer[..line.Length], isUrgent: level >= LogLevel.Warning);
    }

    private void WriteMessage<TState>(LogLevel level, EventId id, string message, TState state, Exception? exception)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(LongestLine);
        try
        {
            var line = Begin(buffer.AsSpan(0, LongestLine), level, id, time.GetUtcNow());
            if (format == LogFormat.Json)
            {
                line.Add(Message, message);
                AddMembers(ref line, state);
                line.Add(Exception, exception?.ToString());
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
            output.Write(buffer.AsSpan(0, line.Length), isUrgent: level >= LogLevel.Warning);
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
                line.AddMember(name, Convert.ToString(value, CultureInfo.InvariantCulture));
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
            line.Add(Event, id.Name);
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
            line.Add(Level, Name(level));
            line.Add(Category, category);
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
