using System.Net;
using System.Text;

namespace Penstock.Forwarding;

/// <summary>Where a replica is reached, with the unchanging part of every request head to it made once.</summary>
internal sealed class UpstreamTarget
{
    private readonly byte[] _jsonHead;
    private readonly byte[] _streamHead;

    public UpstreamTarget(Uri url, string path, string? apiKey)
    {
        var host = url.IdnHost;
        EndPoint = IPAddress.TryParse(host, out var address)
            ? new IPEndPoint(address, url.Port)
            : new DnsEndPoint(host, url.Port);
        TlsHost = url.Scheme == Uri.UriSchemeHttps ? host : null;
        var head = new StringBuilder()
            .Append("POST ")
            .Append(url.AbsolutePath.TrimEnd('/'))
            .Append(path)
            .Append(" HTTP/1.1\r\nHost: ")
            .Append(url.Authority)
            .Append("\r\nContent-Type: application/json\r\n");
        if (apiKey is not null)
        {
            head.Append("Authorization: Bearer ").Append(apiKey).Append("\r\n");
        }

        (_jsonHead, _streamHead) = (Head("application/json"), Head("text/event-stream"));

        byte[] Head(string accept) => Encoding.ASCII.GetBytes($"{head}Accept: {accept}\r\n");
    }

    public EndPoint EndPoint { get; }

    /// <summary>The name the certificate must carry; null: plain text.</summary>
    public string? TlsHost { get; }

    /// <summary>Request line, <c>Host</c>, <c>Content-Type</c>, the deployment's own credential and <c>Accept</c>.</summary>
    public ReadOnlySpan<byte> HeadStart(bool stream) => stream ? _streamHead : _jsonHead;
}
