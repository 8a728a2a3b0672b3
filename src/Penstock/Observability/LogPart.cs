namespace Penstock.Observability;

/// <summary>Fields that many lines have alike: written once in either form, and copied from then on. Immutable.</summary>
internal sealed class LogPart(params (LogField Field, string Value)[] fields)
{
    /// <summary>Of a usual line, all of it: what is longer would not fit there either.</summary>
    private const int Most = 2 * 1024;

    private byte[]? _simple;
    private byte[]? _json;

    public ReadOnlySpan<byte> In(LogFormat format) =>
        format == LogFormat.Simple ? _simple ??= Write(format) : _json ??= Write(format);

    private byte[] Write(LogFormat format)
    {
        Span<byte> buffer = new byte[Most];
        var line = new LogLine(buffer, format);
        foreach (var (field, value) in fields)
        {
            line.Add(field, value);
        }

        return buffer[..line.Length].ToArray();
    }
}
