using System.Net;
using System.Net.Sockets;
using System.Text;
using Penstock.Primitives;

namespace Penstock.Tests.Inference;

/// <summary>
/// A request and its answer in pieces cut at random places, on both legs at once, against what was meant by them. Runs
/// on either transport: the cuts fall differently on each.
/// </summary>
public sealed class BothLegsTests : IAsyncDisposable
{
    /// <summary>Below the burst of the one key.</summary>
    private const int Rounds = 40;

    private readonly TcpListener _engine = new(IPAddress.Loopback, 0);
    private readonly byte[] _buffer = new byte[64 * 1024];

    public BothLegsTests() => _engine.Start();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        _engine.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Whatever_way_the_bytes_of_both_legs_are_cut_the_caller_gets_the_engine_s_stream()
    {
        await using var gateway = await GatewayInProcess.StartAsync([
            GatewayInProcess.Deploy("m", new Uri($"http://{_engine.LocalEndpoint}")),
        ]);
        for (var seed = 0; seed < Rounds; seed++)
        {
            var chance = new Chance(seed);
            var events = Events(chance);
            var asked = AskAsync(gateway.Client.BaseAddress!, Prompt(chance), chance);
            await AnswerAsync(events, chance);
            Assert.Equal(events, await asked);
        }
    }

    private static string Prompt(Chance chance) => new('w', Next(chance, 100_000));

    private static string Events(Chance chance)
    {
        var text = new StringBuilder();
        for (var left = 1 + Next(chance, 40); left > 0; left--)
        {
            var content = new string('ü', Next(chance, 300));
            text.Append(
                $$$"""data: {"id":"c","choices":[{"index":0,"delta":{"content":"{{{content}}}"},"finish_reason":null}]}"""
                    + "\n\n"
            );
        }

        return text.Append("""data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""")
            .Append("\n\ndata: [DONE]\n\n")
            .ToString();
    }

    private async Task AnswerAsync(string events, Chance chance)
    {
        using var socket = await _engine.AcceptSocketAsync(Cancellation);
        await ReadRequestAsync(socket);
        var wire = new MemoryStream();
        wire.Write(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"u8
        );
        var payload = Encoding.UTF8.GetBytes(events);
        for (var at = 0; at < payload.Length; )
        {
            var size = Math.Min(payload.Length - at, 1 + Next(chance, 2_000));
            wire.Write(Encoding.ASCII.GetBytes($"{size:x}\r\n"));
            wire.Write(payload, at, size);
            wire.Write("\r\n"u8);
            at += size;
        }
        wire.Write("0\r\n\r\n"u8);
        await SendInPiecesAsync(socket, wire.ToArray(), chance);
        // The gateway reads to the end before it closes: until then the engine stays.
        while (await socket.ReceiveAsync(_buffer, Cancellation) > 0) { }
    }

    private async Task ReadRequestAsync(Socket socket)
    {
        var text = "";
        while (true)
        {
            text += Encoding.Latin1.GetString(_buffer, 0, await socket.ReceiveAsync(_buffer, Cancellation));
            if (text.Split("\r\n\r\n", 2) is [var head, var body])
            {
                var length = head.Split("Content-Length: ")[1].Split("\r\n")[0];
                if (body.Length >= int.Parse(length))
                {
                    Assert.Equal(int.Parse(length), body.Length);
                    return;
                }
            }
        }
    }

    /// <returns>The answer's payload, taken out of its chunks by a plain reader.</returns>
    private static async Task<string> AskAsync(Uri gateway, string prompt, Chance chance)
    {
        var body = $$"""{"messages":[{"role":"user","content":"{{prompt}}"}],"model":"m","stream":true}""";
        var head =
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: {gateway.Authority}\r\nContent-Type: application/json\r\n"
            + $"Authorization: Bearer {GatewayInProcess.Secret}\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n";
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, gateway.Port), Cancellation);
        await SendInPiecesAsync(socket, Encoding.ASCII.GetBytes(head + body), chance);
        var answer = new MemoryStream();
        var buffer = new byte[700];
        while (await socket.ReceiveAsync(buffer, Cancellation) is > 0 and var read)
        {
            answer.Write(buffer, 0, read);
        }

        return Unchunk(answer.ToArray());
    }

    private static string Unchunk(byte[] answer)
    {
        Assert.StartsWith("HTTP/1.1 200 ", Encoding.Latin1.GetString(answer), StringComparison.Ordinal);
        var rest = answer.AsSpan(answer.AsSpan().IndexOf("\r\n\r\n"u8) + 4);
        var payload = new MemoryStream();
        while (true)
        {
            var line = rest.IndexOf("\r\n"u8);
            var size = Convert.ToInt32(Encoding.ASCII.GetString(rest[..line]), 16);
            if (size == 0)
            {
                return Encoding.UTF8.GetString(payload.ToArray());
            }

            payload.Write(rest.Slice(line + 2, size));
            rest = rest[(line + 2 + size + 2)..];
        }
    }

    private static async Task SendInPiecesAsync(Socket socket, byte[] bytes, Chance chance)
    {
        socket.NoDelay = true;
        var longest = Math.Max(2, bytes.Length / 20);
        for (var at = 0; at < bytes.Length; )
        {
            var size = Math.Min(bytes.Length - at, 1 + Next(chance, longest));
            await socket.SendAsync(bytes.AsMemory(at, size), Cancellation);
            at += size;
            for (var turns = Next(chance, 4); turns > 0; turns--)
            {
                await Task.Yield();
            }
        }
    }

    private static int Next(Chance chance, int below) => (int)(chance.NextDouble() * below);
}
