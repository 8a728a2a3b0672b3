using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Penstock.Observability;

/// <summary>One line of the log in the making, in UTF-8: <c>name=value</c> for people, members of an object for machines.</summary>
/// <remarks>
/// A field's code stands once, not at every call: a request meets it with cold caches. It asks for room once, for the name
/// and the longest value of its kind.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal ref struct LogLine(Span<byte> buffer, LogFormat format)
{
    /// <summary>Room kept for the line's end.</summary>
    private const int Reserve = 2;

    /// <summary>Of a 64-bit number with a sign, a point and a digit behind it.</summary>
    private const int MostDigits = 24;

    /// <summary>Of an id between quotes.</summary>
    private const int IdBytes = 38;

    /// <summary>What a reader of lines or of JSON strings could trip over.</summary>
    private static readonly SearchValues<char> Special = SearchValues.Create(
        string.Concat(Enumerable.Range(0, 32).Append('"').Append('\\').Append(0x7f).Select(c => (char)c))
    );

    private readonly ref byte _start = ref MemoryMarshal.GetReference(buffer);
    private readonly int _most = buffer.Length - Reserve;

    /// <summary>Bytes written so far. What does not fit is left out, a field or a part as a whole.</summary>
    public int Length { get; private set; }

    public readonly LogFormat Format => format;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Add(LogField field, string? value)
    {
        if (value is null || !HasRoom(LogField.Room))
        {
            return;
        }

        var mark = Length;
        Length += field.CopyTo(ref Next, format);
        if (!Quote(value))
        {
            Length = mark;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Add(LogField field, long number)
    {
        if (HasRoom(LogField.Room + MostDigits))
        {
            Length += field.CopyTo(ref Next, format);
            Digits(number);
        }
    }

    /// <summary>In milliseconds with one digit behind the point.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Add(LogField field, TimeSpan span)
    {
        if (HasRoom(LogField.Room + MostDigits))
        {
            Length += field.CopyTo(ref Next, format);
            // As whole tenths: a general format of fractions costs more than all the rest of the line's numbers.
            const ulong tenth = TimeSpan.TicksPerMillisecond / 10;
            var (whole, rest) = Math.DivRem(((ulong)Math.Max(0, span.Ticks) + (tenth / 2)) / tenth, 10);
            Digits((long)whole);
            Byte((byte)'.');
            Byte((byte)('0' + rest));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Add(LogField field, Guid id)
    {
        if (HasRoom(LogField.Room + IdBytes))
        {
            Length += field.CopyTo(ref Next, format);
            Mark();
            id.TryFormat(Rest, out var written);
            Length += written;
            Mark();
        }
    }

    public void Add(LogField field, TimeSpan? span)
    {
        if (span is { } known)
        {
            Add(field, known);
        }
    }

    /// <summary>Fields that have been written before.</summary>
    public void Add(LogPart part) => Put(part.In(format));

    /// <summary>A member whose name is known only when it comes, of lines for machines.</summary>
    public void AddMember(string name, string? value)
    {
        var mark = Length;
        if (value is not null && !(Put(","u8) && Quote(name) && Put(":"u8) && Quote(value)))
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
            Byte((byte)'}');
        }

        Byte((byte)'\n');
    }

    private readonly ref byte Next => ref Unsafe.Add(ref _start, Length);

    private readonly Span<byte> Rest => MemoryMarshal.CreateSpan(ref Next, _most - Length);

    private readonly bool HasRoom(int bytes) => _most - Length >= bytes;

    private void Byte(byte value)
    {
        Next = value;
        Length++;
    }

    /// <summary>Around a value that stands between quotes for machines only.</summary>
    private void Mark()
    {
        if (format == LogFormat.Json)
        {
            Byte((byte)'"');
        }
    }

    private void Digits(long number)
    {
        if ((ulong)number >= 1_000)
        {
            ManyDigits(number);
            return;
        }

        // Nearly all are counts, and milliseconds of a short answer.
        var few = (uint)number;
        if (few >= 100)
        {
            Byte((byte)('0' + (few / 100)));
        }

        if (few >= 10)
        {
            Byte((byte)('0' + (few / 10 % 10)));
        }

        Byte((byte)('0' + (few % 10)));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ManyDigits(long number)
    {
        Utf8Formatter.TryFormat(number, Rest, out var written);
        Length += written;
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
    private bool Quote(string value)
    {
        var mark = format == LogFormat.Json ? 1 : 0;
        if (!HasRoom(value.Length + 2) || !PlainText.TryCopy(value, Rest[mark..]))
        {
            return QuoteAny(value);
        }

        Mark();
        Length += value.Length;
        Mark();
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
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
