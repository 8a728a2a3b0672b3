using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Penstock.Probing.Conformance;

/// <summary>Opens a connection, asks something cheap, and watches how long the engine leaves it open.</summary>
internal static class IdleWatch
{
    private static readonly TimeSpan Grain = TimeSpan.FromMilliseconds(500);

    /// <summary>Null: not within the time given, or there was no answer.</summary>
    public static async Task<TimeSpan?> RunAsync(ProbeSession probe, CancellationToken stop)
    {
        var longest = TimeSpan.FromSeconds(probe.Options.IdleWatchSeconds);
        if (longest <= TimeSpan.Zero)
        {
            return null;
        }

        using var bound = new CancellationTokenSource(longest, probe.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, stop);
        try
        {
            await using var connection = await ConnectAsync(probe.Engine.Url, either.Token);
            await connection.WriteAsync(Question(probe.Engine), either.Token);
            return await WatchAsync(connection, probe.Time, either.Token);
        }
        catch (Exception error)
            when (error is IOException or SocketException or System.Security.Authentication.AuthenticationException
                || (error is OperationCanceledException && !stop.IsCancellationRequested)
            )
        {
            return null;
        }
    }

    private static async Task<TimeSpan?> WatchAsync(Stream connection, TimeProvider time, CancellationToken stop)
    {
        var buffer = new byte[4096];
        long? quiet = null;
        while (await ReadAsync(connection, buffer, stop) > 0)
        {
            quiet = time.GetTimestamp();
        }

        return quiet is { } since ? Math.Round(time.GetElapsedTime(since) / Grain) * Grain : null;
    }

    /// <summary>A reset ends a connection as well as a farewell does.</summary>
    private static async Task<int> ReadAsync(Stream connection, byte[] buffer, CancellationToken stop)
    {
        try
        {
            return await connection.ReadAsync(buffer, stop);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static async Task<Stream> ConnectAsync(Uri url, CancellationToken stop)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(url.IdnHost, url.Port, stop);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var plain = new NetworkStream(socket, ownsSocket: true);
        return url.Scheme == Uri.UriSchemeHttps ? await SecureAsync(plain, url, stop) : plain;
    }

    private static async Task<Stream> SecureAsync(Stream plain, Uri url, CancellationToken stop)
    {
        var secure = new SslStream(plain);
        try
        {
            await secure.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = url.IdnHost },
                stop
            );
            return secure;
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
    }

    private static byte[] Question(EngineAddress engine)
    {
        var url = engine.At(engine.Engine.ModelsPath);
        var head = new StringBuilder($"GET {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\n");
        if (engine.ApiKey is { } key)
        {
            head.Append("Authorization: Bearer ").Append(key).Append("\r\n");
        }

        return Encoding.ASCII.GetBytes(head.Append("\r\n").ToString());
    }
}
