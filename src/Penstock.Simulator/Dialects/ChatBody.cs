using System.Text.Json;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects;

/// <summary>A chat request on its way in: the request and its body's document, which must be disposed.</summary>
internal sealed class ChatBody(HttpRequest request) : IDisposable
{
    private JsonDocument? _document;

    public HttpRequest Request { get; } = request;

    /// <summary>The body's root, once <see cref="Parse"/> was called.</summary>
    public JsonElement Root => _document?.RootElement ?? default;

    /// <exception cref="JsonException">The body is not JSON.</exception>
    public void Parse()
    {
        var bytes = Request.Body;
        // Python's reader takes a byte order mark for what it is.
        if (bytes.Span.StartsWith("\uFEFF"u8))
        {
            bytes = bytes[3..];
        }

        // Python gives up at about a thousand levels.
        _document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 990 });
    }

    public void Dispose() => _document?.Dispose();
}
