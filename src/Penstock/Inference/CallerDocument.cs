using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Penstock.Inference;

/// <summary>
/// The OpenAPI document of the callers' API. It is written by hand, as the API is no set of delegates that could be
/// asked; tests hold it to the code and to docs/http-api.md.
/// </summary>
internal static class CallerDocument
{
    public const string Path = "/openapi/v1.json";
    private const string Resource = "Penstock.Inference.openapi.json";

    public static byte[] Read()
    {
        using var stream = typeof(CallerDocument).Assembly.GetManifestResourceStream(Resource)!;
        var document = new byte[stream.Length];
        stream.ReadExactly(document);
        return document;
    }

    /// <summary>For whoever asks: it says nothing that the repository does not.</summary>
    public static void MapCallerDocument(this IEndpointRouteBuilder endpoints)
    {
        var document = Read();
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(document))[..32]}\"");
        var time = endpoints.ServiceProvider.GetRequiredService<TimeProvider>();
        endpoints
            .MapGet(
                Path,
                (HttpContext context) =>
                {
                    context.Response.Headers[RequestIds.Header] = RequestIds.Create(time.GetUtcNow()).ToString();
                    return Results.Bytes(document, "application/json", entityTag: tag);
                }
            )
            .ExcludeFromDescription();
    }
}
