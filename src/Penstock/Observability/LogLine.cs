using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Penstock.Observability;

/// <summary>One line of the log in the making, in UTF-8: <c>name=value</c> for people, members of an object for machines.</summary>
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

    public void Add(string name, string? value)
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

    public void Add(string name, long? value)
    {
        if (value is not { } number)
        {
            return;
        }

        var mark = Length;
        if (Begin(name) && Utf8Formatter.TryFormat(number, Rest, out var written))
        {
            Length += written;
        }
        else
        {
            Length = mark;
        }
    }

    /// <param name="milliseconds">Written with one digit behind the point.</param>
    public void Add(string name, double? milliseconds)
    {
        if (milliseconds is not { } number)
        {
            return;
        }

        // As whole tenths: a general format of fractions costs more than all the rest of the line's numbers.
        var tenths = (long)Math.Round(Math.Max(0, number) * 10, MidpointRounding.AwayFromZero);
        var mark = Length;
        if (!(Begin(name) && Digits(tenths / 10) && Put("."u8) && Digits(tenths % 10)))
        {
            Length = mark;
        }
    }

    public void Add(string name, Guid? value)
    {
        if (value is not { } id)
        {
            return;
        }

        var mark = Length;
        if (Begin(name) && Put(Mark) && Utf8Formatter.TryFormat(id, Rest, out var written))
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

    private bool Begin(string name) =>
        format == LogFormat.Json
            ? Put(Length == 0 ? "{\""u8 : ",\""u8) && Copy(name) && Put("\":"u8)
            : Put(" "u8) && Copy(name) && Put("="u8);

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
    private bool Quote(string value)
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
