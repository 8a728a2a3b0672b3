using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Penstock.Tests.Forwarding;

/// <summary>A socket that plays an engine: the test reads what arrives and writes what it likes.</summary>
internal sealed class FakeEngine : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public FakeEngine() => _listener.Start();

    public Uri Url => new($"http://{_listener.LocalEndpoint}");

    public async Task<Connection> AcceptAsync() =>
        new(await _listener.AcceptSocketAsync(TestContext.Current.CancellationToken));

    public void Dispose() => _listener.Dispose();

    internal sealed class Connection(Socket socket) : IDisposable
    {
        private readonly byte[] _buffer = new byte[1 << 20];

        /// <summary>Reads one request: its head and, by Content-Length, its body.</summary>
        public async Task<string> ReadRequestAsync()
        {
            var text = "";
            while (true)
            {
                var read = await socket.ReceiveAsync(_buffer, TestContext.Current.CancellationToken);
                Assert.NotEqual(0, read);
                text += Encoding.Latin1.GetString(_buffer, 0, read);
                var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
                if (end < 0)
                {
                    continue;
                }

                var length = text.Split("Content-Length: ")[1].Split("\r\n")[0];
                if (text.Length >= end + 4 + int.Parse(length))
                {
                    return text;
                }
            }
        }

        public async Task SendAsync(string text) =>
            await socket.SendAsync(Encoding.Latin1.GetBytes(text), TestContext.Current.CancellationToken);

        /// <summary>True when the other side closes or resets.</summary>
        public async Task<bool> SeesCloseAsync()
        {
            try
            {
                return await socket.ReceiveAsync(_buffer, TestContext.Current.CancellationToken) == 0;
            }
            catch (SocketException)
            {
                return true;
            }
        }

        public void Reset()
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
            socket.Dispose();
        }

        public void Dispose() => socket.Dispose();
    }
}
