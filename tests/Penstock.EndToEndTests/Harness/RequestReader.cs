using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Penstock.EndToEndTests.Harness;

/// <summary>Reads requests off a bare socket, one after another; null when the peer has closed.</summary>
internal sealed class RequestReader(Socket socket)
{
    private readonly byte[] _block = new byte[64 * 1024];
    private readonly List<byte> _unread = [];

    public async Task<RecordedRequest?> ReadAsync()
    {
        var head = await UntilAsync("\r\n\r\n"u8.ToArray());
        if (head is null)
        {
            return null;
        }

        var request = new RecordedRequest(Encoding.Latin1.GetString(head), []);
        if (request.Header("Transfer-Encoding") is "chunked")
        {
            return request with { Body = await ChunkedAsync() };
        }

        var length = int.Parse(request.Header("Content-Length") ?? "0", CultureInfo.InvariantCulture);
        return request with { Body = await ExactlyAsync(length) };
    }

    private async Task<byte[]> ChunkedAsync()
    {
        var body = new List<byte>();
        while (true)
        {
            var line = await UntilAsync("\r\n"u8.ToArray()) ?? throw new SocketException((int)SocketError.Shutdown);
            var size = int.Parse(
                Encoding.ASCII.GetString(line).Trim(),
                NumberStyles.HexNumber,
                CultureInfo.InvariantCulture
            );
            body.AddRange(await ExactlyAsync(size));
            await ExactlyAsync(2);
            if (size == 0)
            {
                return [.. body];
            }
        }
    }

    private async Task<byte[]?> UntilAsync(byte[] mark)
    {
        var looked = 0;
        while (true)
        {
            var at = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_unread)[looked..].IndexOf(mark);
            if (at >= 0)
            {
                return Take(looked + at + mark.Length);
            }

            looked = Math.Max(0, _unread.Count - mark.Length + 1);
            if (!await MoreAsync())
            {
                return null;
            }
        }
    }

    private async Task<byte[]> ExactlyAsync(int count)
    {
        while (_unread.Count < count)
        {
            if (!await MoreAsync())
            {
                throw new SocketException((int)SocketError.Shutdown);
            }
        }

        return Take(count);
    }

    private async Task<bool> MoreAsync()
    {
        var read = await socket.ReceiveAsync(_block.AsMemory());
        _unread.AddRange(_block.AsSpan(0, read));
        return read > 0;
    }

    private byte[] Take(int count)
    {
        var taken = _unread[..count].ToArray();
        _unread.RemoveRange(0, count);
        return taken;
    }
}
