using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Penstock.Observability;

/// <summary>One line of the log in the making, in UTF-8: <c>name=value</c> for people, members of an object for machines.</summary>
/// <remarks>A field's code stands once, not at every call: a request meets it with cold caches.</remarks>
[StructLayout(LayoutKind.Auto)]
internal ref struct LogLine(Span<byte> buffer, LogFormat format)
{
    /// <summary>Room kept for the line's end.</summary>
    private const int Reserve = 2;

    /// <summary>What a reader of lines or of JSON strings could trip over.</summary>
    private static readonly SearchValues<char> Special = SearchValues.Create(
        string.Concat(Enumerable.Range(0, 32).Append('"').Append('\\').Append(0x7f).Select(c => (char)c))
    );

    private readonly Span<byte> _buffer = buffer;

    /// <summary>Bytes written so far. What does not fit is left out, field by field.</summary>
    public int Length { get; private set; }

    public readonly LogFormat Format => format;

    /// <param name="name">Like those of all fields: a word of ours, without anything special.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Add(ReadOnlySpan<byte> name, string? value)
    {
        if (value is null)
        {
            return;
        }

        var mark = Length;
        if (!(Begin(name) && Quote(value)))
        {
            Length = mark;
        }
    }

    public void Add(ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number)
        {
            Add(name, number);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Add(ReadOnlySpan<byte> name, long number)
    {
        var mark = Length;
        if (!(Begin(name) && Digits(number)))
        {
            Length = mark;
        }
    }

    /// <summary>In milliseconds with one digit behind the point.</summary>
    public void Add(ReadOnlySpan<byte> name, TimeSpan? span)
    {
        if (span is { } known)
        {
            Add(name, known);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Add(ReadOnlySpan<byte> name, TimeSpan span)
    {
        // As whole tenths: a general format of fractions costs more than all the rest of the line's numbers.
        const long tenth = TimeSpan.TicksPerMillisecond / 10;
        var (whole, rest) = Math.DivRem((Math.Max(0, span.Ticks) + (tenth / 2)) / tenth, 10);
        var mark = Length;
        if (!(Begin(name) && Digits(whole) && Put([(byte)'.', (byte)('0' + rest)])))
        {
            Length = mark;
        }
    }

    public void Add(ReadOnlySpan<byte> name, Guid? value)
    {
        if (value is not { } id)
        {
            return;
        }

        var mark = Length;
        if (Begin(name) && Put(Mark) && id.TryFormat(Rest, out var written))
        {
            Length += written;
            Put(Mark);
        }
        else
        {
            Length = mark;
        }
    }

    /// <summary>Text of the product's own, copied as it is.</summary>
    public bool Put(scoped ReadOnlySpan<byte> text)
    {
        if (!text.TryCopyTo(Rest))
        {
            return false;
        }

        Length += text.Length;
        return true;
    }

    /// <summary>The end of the line, for which there is always room.</summary>
    public void End()
    {
        if (format == LogFormat.Json)
        {
            _buffer[Length++] = (byte)'}';
        }

        _buffer[Length++] = (byte)'\n';
    }

    private readonly Span<byte> Rest => _buffer[Length..^Reserve];

    private readonly ReadOnlySpan<byte> Mark => format == LogFormat.Json ? "\""u8 : ""u8;

    private bool Digits(long number)
    {
        if (!Utf8Formatter.TryFormat(number, Rest, out var written))
        {
            return false;
        }

        Length += written;
        return true;
    }

    private bool Begin(ReadOnlySpan<byte> name)
    {
        var rest = Rest;
        if (rest.Length < name.Length + 4)
        {
            return false;
        }

        if (format == LogFormat.Simple)
        {
            rest[0] = (byte)' ';
            name.CopyTo(rest[1..]);
            rest[name.Length + 1] = (byte)'=';
            Length += name.Length + 2;
            return true;
        }

        rest[0] = Length == 0 ? (byte)'{' : (byte)',';
        rest[1] = (byte)'"';
        name.CopyTo(rest[2..]);
        rest[name.Length + 2] = (byte)'"';
        rest[name.Length + 3] = (byte)':';
        Length += name.Length + 4;
        return true;
    }

    private bool Copy(ReadOnlySpan<char> text)
    {
        if (!Encoding.UTF8.TryGetBytes(text, Rest, out var written))
        {
            return false;
        }

        Length += written;
        return true;
    }

    /// <summary>Whatever came from outside cannot end the line or the string it stands in.</summary>
    private bool Quote(string value) =>
        format == LogFormat.Json ? CopyPlainQuoted(value) || QuoteAny(value) : CopyPlain(value) || QuoteAny(value);

    private bool CopyPlain(string value)
    {
        if (!PlainText.TryCopy(value, Rest))
        {
            return false;
        }

        Length += value.Length;
        return true;
    }

    private bool CopyPlainQuoted(string value)
    {
        var rest = Rest;
        if (rest.Length < value.Length + 2 || !PlainText.TryCopy(value, rest[1..]))
        {
            return false;
        }

        rest[0] = (byte)'"';
        rest[value.Length + 1] = (byte)'"';
        Length += value.Length + 2;
        return true;
    }

    private bool QuoteAny(string value)
    {
        var plain = !value.AsSpan().ContainsAny(Special);
        if (format == LogFormat.Simple && plain)
        {
            return Copy(value);
        }

        if (plain)
        {
            return Put("\""u8) && Copy(value) && Put("\""u8);
        }

        return Put("\""u8)
            && Put(JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes)
            && Put("\""u8);
    }
}
