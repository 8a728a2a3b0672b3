using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Penstock.EndToEndTests.Harness;

/// <summary>A client on a bare socket: says anything, keeps everything it hears.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly StringBuilder _heard = new();
    private readonly byte[] _block = new byte[64 * 1024];

    public RawClient(int port)
    {
        _socket.NoDelay = true;
        _socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
    }

    public string Heard
    {
        get
        {
            lock (_heard)
            {
                return _heard.ToString();
            }
        }
    }

    /// <summary>The peer has closed, or said something and closed; what it said is thrown away.</summary>
    public bool HasClosed
    {
        get
        {
            try
            {
                while (_socket.Poll(0, SelectMode.SelectRead))
                {
                    if (_socket.Receive(_block) == 0)
                    {
                        return true;
                    }
                }

                return false;
            }
            catch (SocketException)
            {
                return true;
            }
        }
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>False when the peer has closed on us; that is an answer too.</summary>
    public async Task<bool> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None).AsTask().Soon("a send")..];
            }

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Says that nothing more will come, and goes on listening.</summary>
    public void FinishSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Listens until what was heard fits; false when the peer closed before.</summary>
    public async Task<bool> HearAsync(Func<string, bool> fits)
    {
        while (!fits(Heard))
        {
            if (await HearMoreAsync() == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Listens until the peer closes, which it must do within our patience at each silence.</summary>
    public async Task<string> HearAllAsync()
    {
        await HearAsync(_ => false);
        return Heard;
    }

    public void Dispose() => _socket.Dispose();

    private async Task<int> HearMoreAsync()
    {
        try
        {
            var read = await _socket.ReceiveAsync(_block.AsMemory()).AsTask().Soon("more from the gateway");
            lock (_heard)
            {
                _heard.Append(Encoding.Latin1.GetString(_block, 0, read));
            }

            return read;
        }
        catch (SocketException)
        {
            return 0;
        }
    }
}
