using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Penstock.Keys;
using Penstock.Routing;
using Penstock.Simulator;

namespace Penstock.Tests.Inference;

/// <summary>A gateway before a simulator, for requests with a key.</summary>
internal sealed record IdempotentBench(SimulatorServer Engine, GatewayInProcess Gateway) : IAsyncDisposable
{
    public Task<IdempotentCall> SendAsync(bool stream, string content = "hi", CancellationToken? hangUp = null) =>
        IdempotentCall.SendAsync(Gateway, IdempotentCall.Chat(stream, content), hangUp);

    /// <summary>When so many requests have ended: how.</summary>
    public async Task<List<string>> EndingsAsync(int count)
    {
        await UntilAsync(() => Gateway.Endings.Count() >= count);
        return [.. Gateway.Endings];
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Engine.DisposeAsync();
    }

    /// <summary>The body of an answer in chunks, which must have its last one.</summary>
    public static string Unchunked(string text)
    {
        var rest = text.AsSpan(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4);
        var body = new StringBuilder();
        while (true)
        {
            var line = rest.IndexOf("\r\n", StringComparison.Ordinal);
            var size = int.Parse(rest[..line], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (size == 0)
            {
                return Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(body.ToString()));
            }

            body.Append(rest.Slice(line + 2, size));
            rest = rest[(line + 2 + size + 2)..];
        }
    }

    /// <summary>A caller who asks and then does not read.</summary>
    public static async Task<Socket> AskAsync(GatewayInProcess gateway, string body, string key = "key")
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            ReceiveBufferSize = 4096,
        };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, gateway.Client.BaseAddress!.Port), Stop);
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            POST /v1/chat/completions HTTP/1.1
            Host: x
            Authorization: Bearer {GatewayInProcess.Secret}
            Idempotency-Key: {key}
            Content-Type: application/json
            Content-Length: {body.Length}
            Connection: close


            """
        );
        await socket.SendAsync(Encoding.UTF8.GetBytes(head.ReplaceLineEndings("\r\n") + body), Stop);
        return socket;
    }

    public static async Task<IdempotentBench> StartAsync(
        Dictionary<string, string?>? settings = null,
        Func<KeyGrant, KeyGrant>? with = null,
        Func<Deployment, Deployment>? deploy = null,
        TimeProvider? time = null
    )
    {
        var engine = SimulatorServer.Start(new SimulatorOptions { Models = ["org/m"] });
        var deployment = GatewayInProcess.Deploy("m", engine.Url) with
        {
            Timeouts = new DeploymentTimeouts { FirstByte = TimeSpan.FromHours(2), Idle = TimeSpan.FromHours(2) },
        };
        var gateway = await GatewayInProcess.StartAsync(
            [deploy?.Invoke(deployment) ?? deployment],
            time,
            settings,
            with
        );
        return new IdempotentBench(engine, gateway);
    }

    public static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            Stop.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
