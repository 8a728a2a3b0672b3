using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Penstock.EndToEndTests.Harness;

/// <summary>
/// A registry on loopback that offers one image, the smallest that an image can be built upon: a layer with one file.
/// </summary>
internal sealed class ImageRegistry : IAsyncDisposable
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    private const string ConfigType = "application/vnd.oci.image.config.v1+json";
    private const string LayerType = "application/vnd.oci.image.layer.v1.tar+gzip";

    private readonly HttpListener _listener = new();
    private readonly Dictionary<string, (string Type, byte[] Bytes)> _content = new(StringComparer.Ordinal);
    private readonly Task _serving;

    public ImageRegistry()
    {
        Address = $"localhost:{FreePort.Take()}";
        Offer();
        _listener.Prefixes.Add($"http://{Address}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Host and port, as they stand in an image's name.</summary>
    public string Address { get; }

    public string BaseImage => $"{Address}/base:1";

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        ((IDisposable)_listener).Dispose();
    }

    private void Offer()
    {
        var tar = Tar();
        var layer = Add("blobs", LayerType, Compress(tar));
        var config = Add(
            "blobs",
            ConfigType,
            Json(
                new JsonObject
                {
                    ["architecture"] = "amd64",
                    ["os"] = "linux",
                    ["config"] = new JsonObject { ["Env"] = new JsonArray("PATH=/usr/bin:/bin") },
                    ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(Digest(tar)) },
                    ["history"] = new JsonArray(new JsonObject { ["created_by"] = "the tests" }),
                }
            )
        );
        var manifest = Json(
            new JsonObject
            {
                ["schemaVersion"] = 2,
                ["mediaType"] = ManifestType,
                ["config"] = config,
                ["layers"] = new JsonArray(layer),
            }
        );
        Add("manifests", ManifestType, manifest);
        _content["/v2/base/manifests/1"] = (ManifestType, manifest);
        _content["/v2/"] = ("application/json", "{}"u8.ToArray());
    }

    /// <returns>What others say to name it.</returns>
    private JsonObject Add(string kind, string type, byte[] bytes)
    {
        var digest = Digest(bytes);
        _content[$"/v2/base/{kind}/{digest}"] = (type, bytes);
        return new JsonObject
        {
            ["mediaType"] = type,
            ["digest"] = digest,
            ["size"] = bytes.Length,
        };
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                await AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception end) when (end is HttpListenerException or ObjectDisposedException)
            {
                // Stopped, or a client that left.
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext exchange)
    {
        using var response = exchange.Response;
        if (!_content.TryGetValue(exchange.Request.Url!.AbsolutePath, out var found))
        {
            response.StatusCode = (int)HttpStatusCode.NotFound;
            return;
        }

        response.ContentType = found.Type;
        response.Headers["Docker-Content-Digest"] = Digest(found.Bytes);
        response.ContentLength64 = found.Bytes.Length;
        if (exchange.Request.HttpMethod != "HEAD")
        {
            await response.OutputStream.WriteAsync(found.Bytes);
        }
    }

    private static byte[] Tar()
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, leaveOpen: true))
        {
            tar.WriteEntry(
                new PaxTarEntry(TarEntryType.RegularFile, "etc/passwd")
                {
                    DataStream = new MemoryStream("root:x:0:0::/:\n"u8.ToArray()),
                }
            );
        }

        return bytes.ToArray();
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }

    private static byte[] Json(JsonObject value) => Encoding.UTF8.GetBytes(value.ToJsonString());

    private static string Digest(byte[] bytes) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";
}
