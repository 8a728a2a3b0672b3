using System.Runtime.Intrinsics;
using System.Text;

namespace Penstock.Observability;

/// <summary>The name of a field as it stands in a line of either form, ready to be copied in one go.</summary>
internal sealed class LogField
{
    /// <summary>Bytes that are copied whatever the name's length: no call, no loop. What is not the name is written over.</summary>
    public const int Room = 32;

    private readonly Vector256<byte> _simple;
    private readonly Vector256<byte> _json;
    private readonly int _simpleLength;
    private readonly int _jsonLength;

    /// <param name="name">A word of ours, without anything special.</param>
    public LogField(string name)
    {
        (_simple, _simpleLength) = Form($" {name}=");
        (_json, _jsonLength) = Form($",\"{name}\":");
    }

    /// <param name="room">Has room for <see cref="Room"/> bytes.</param>
    /// <returns>How long the name is with what stands around it.</returns>
    public int CopyTo(ref byte room, LogFormat format)
    {
        if (format == LogFormat.Simple)
        {
            _simple.StoreUnsafe(ref room);
            return _simpleLength;
        }

        _json.StoreUnsafe(ref room);
        return _jsonLength;
    }

    private static (Vector256<byte>, int) Form(string text)
    {
        Span<byte> bytes = stackalloc byte[Room];
        bytes.Clear();
        var length = Encoding.ASCII.GetBytes(text, bytes);
        return (Vector256.Create<byte>(bytes), length);
    }
}
