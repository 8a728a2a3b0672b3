using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;
using Penstock.Primitives;

namespace Penstock.Transport.Plain;

/// <summary>
/// Reads the head of a request if there is one way only to read it: the request line of the one route, each header
/// once, a length in digits, nothing encoded, nothing folded. No decision about doubtful bytes is taken here: whatever
/// is not plain is the framework's.
/// </summary>
internal sealed class PlainHead
{
    /// <summary>Clients send some ten; more are the framework's.</summary>
    public const int MostLines = 32;

    /// <summary>Less than the framework takes, and more than any client's usual head.</summary>
    public const int LongestHead = 16 * 1024;

    /// <summary>Ten digits hold any length that is allowed.</summary>
    private const int MostDigits = 10;

    private static readonly SearchValues<byte> HostName = SearchValues.Create(
        "-._0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8
    );

    private readonly HeaderLine[] _lines = new HeaderLine[MostLines];
    private bool _hasHost;

    private NameSet _names;

    /// <summary>Bytes up to and with the empty line.</summary>
    public int Length { get; private set; }

    public long ContentLength { get; private set; }

    /// <summary>The caller asks for the connection to end with the answer.</summary>
    public bool Close { get; private set; }

    /// <summary>How many headers there are.</summary>
    public int Count { get; private set; }

    public ref readonly HeaderLine this[int index] => ref _lines[index];

    /// <param name="bytes">What has been read, from the request's first byte on.</param>
    /// <param name="requestLine">The only one that is plain.</param>
    /// <param name="longestBody">Longer bodies are not plain.</param>
    /// <returns>False for anything that is not plain, half a head too.</returns>
    public bool TryRead(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> requestLine, long longestBody)
    {
        if (!bytes.StartsWith(requestLine))
        {
            return false;
        }

        (Count, ContentLength, Close, _hasHost, _names) = (0, -1, false, false, default);
        bytes = bytes[..Math.Min(bytes.Length, LongestHead)];
        var at = requestLine.Length;
        while (!IsLineEnd(bytes, at))
        {
            if (!TakeLine(bytes, ref at))
            {
                return false;
            }
        }

        Length = at + 2;
        return _hasHost && ContentLength >= 0 && ContentLength <= longestBody;
    }

    /// <summary>No header has this name, whatever its case. False: perhaps one has.</summary>
    public bool Lacks(int length, int lastLetter) => _names.Lacks(length, lastLetter);

    private static bool IsLineEnd(ReadOnlySpan<byte> bytes, int at) =>
        at + 1 < bytes.Length && bytes[at] == '\r' && bytes[at + 1] == '\n';

    /// <returns>False also when the line's end has not come.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)] // Into its caller, it would leave no room for what it calls itself.
    private bool TakeLine(ReadOnlySpan<byte> bytes, ref int at)
    {
        var line = bytes[at..];
        var colon = HeaderName.LengthAt(line);
        if (colon == 0 || colon == line.Length || line[colon] != ':' || Count == MostLines)
        {
            return false;
        }

        var from = colon + 1;
        while (from < line.Length && line[from] == ' ')
        {
            from++;
        }

        // Neither control characters nor anything beyond ASCII: a lone CR or LF is one of the former.
        var end = from + PrintableAscii.LengthAt(line[from..]);
        if (!IsLineEnd(line, end))
        {
            return false;
        }

        var to = end;
        while (to > from && line[to - 1] == ' ')
        {
            to--;
        }

        var name = line[..colon];
        if (IsKnown(bytes, name))
        {
            return false;
        }

        _lines[Count++] = new HeaderLine((ushort)at, (ushort)colon, (ushort)(at + from), (ushort)(to - from));
        _names.Add(colon, name[^1]);
        at += end + 2;
        return Judge(name, line[from..to]);
    }

    private bool IsKnown(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> name)
    {
        if (Lacks(name.Length, name[^1]))
        {
            return false;
        }

        foreach (ref readonly var line in _lines.AsSpan(0, Count))
        {
            if (line.NameLength == name.Length && Ascii.EqualsIgnoreCase(bytes.Slice(line.Name, name.Length), name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The headers that say how a request is framed, or what becomes of its connection.</summary>
    private bool Judge(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        switch (name.Length)
        {
            case 4 when HeaderName.Is(name, "host"u8):
                _hasHost = IsHost(value);
                return _hasHost;
            case 6 when HeaderName.Is(name, "expect"u8):
            case 7 when HeaderName.Is(name, "upgrade"u8):
            case 17 when HeaderName.Is(name, "transfer-encoding"u8):
                return false;
            case 10 when HeaderName.Is(name, "connection"u8):
                Close = Ascii.EqualsIgnoreCase(value, "close"u8);
                return Close || Ascii.EqualsIgnoreCase(value, "keep-alive"u8);
            case 14 when HeaderName.Is(name, "content-length"u8):
                return ReadLength(value);
            default:
                return true;
        }
    }

    private bool ReadLength(ReadOnlySpan<byte> value)
    {
        if (
            value.Length is 0 or > MostDigits
            // Not every reader takes 010 for ten.
            || (value[0] == '0' && value.Length > 1)
            || value.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            || !Utf8Parser.TryParse(value, out long length, out _)
        )
        {
            return false;
        }

        ContentLength = length;
        return true;
    }

    /// <summary>A name or an IPv4 address, and perhaps a port.</summary>
    private static bool IsHost(ReadOnlySpan<byte> value)
    {
        var colon = value.IndexOf((byte)':');
        var name = colon < 0 ? value : value[..colon];
        var port = colon < 0 ? "0"u8 : value[(colon + 1)..];
        return name.Length > 0
            && !name.ContainsAnyExcept(HostName)
            && port.Length is > 0 and <= 5
            && !port.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }
}
