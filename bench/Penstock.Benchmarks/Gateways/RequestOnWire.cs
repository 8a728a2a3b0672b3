using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace Penstock.Benchmarks.Gateways;

/// <summary>Reads one message with a Content-Length from a blocking socket, allocating nothing.</summary>
internal static class RequestOnWire
{
    /// <returns>False at the end of the connection.</returns>
    public static bool Read(Socket socket, byte[] buffer, out int length)
    {
        length = 0;
        var whole = int.MaxValue;
        while (length < whole)
        {
            var read = socket.Receive(buffer.AsSpan(length));
            if (read == 0)
            {
                return false;
            }

            length += read;
            if (whole == int.MaxValue && buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) is >= 0 and var head)
            {
                whole = head + 4 + ContentLength(buffer.AsSpan(0, head + 2));
            }
        }
        return true;
    }

    private static int ContentLength(ReadOnlySpan<byte> head)
    {
        var name = "content-length: "u8;
        foreach (var line in head.Split((byte)'\n'))
        {
            var text = head[line];
            if (text.Length > name.Length && Ascii.EqualsIgnoreCase(text[..name.Length], name))
            {
                return Utf8Parser.TryParse(text[name.Length..], out int length, out _) ? length : 0;
            }
        }
        return 0;
    }
}
