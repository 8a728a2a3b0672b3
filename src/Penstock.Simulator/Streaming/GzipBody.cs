using System.IO.Compression;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Streaming;

/// <summary>Compresses a body as a proxy before an engine does: each write is flushed, so that it can be read at once.</summary>
internal sealed class GzipBody : BodyRelay, IDisposable
{
    private readonly MemoryStream _compressed = new();
    private readonly GZipStream _gzip;

    public GzipBody(bool isChunked)
        : base(isChunked) => _gzip = new GZipStream(_compressed, CompressionLevel.Fastest, leaveOpen: true);

    public static byte[] Whole(ReadOnlySpan<byte> body)
    {
        var output = new ByteBuffer(body.Length);
        using var gzip = new GzipBody(isChunked: false);
        gzip.Relay(body, output);
        gzip.End(output);
        return output.ToArray();
    }

    public override void Relay(ReadOnlySpan<byte> written, ByteBuffer output)
    {
        if (!written.IsEmpty)
        {
            _gzip.Write(written);
            _gzip.Flush();
            Take(output);
        }
    }

    public override void End(ByteBuffer output)
    {
        _gzip.Dispose();
        Take(output);
    }

    public void Dispose()
    {
        _gzip.Dispose();
        _compressed.Dispose();
    }

    private void Take(ByteBuffer output)
    {
        Frame(_compressed.GetBuffer().AsSpan(0, (int)_compressed.Length), output);
        _compressed.SetLength(0);
    }
}
