using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Penstock.Management;

/// <summary>An answer made ready before anything of it is sent, so that it can be stated in full or not at all.</summary>
internal sealed class ManagementAnswer : IResult
{
    private readonly byte[] _body;

    private ManagementAnswer(int status, string contentType, byte[] body) =>
        (Status, ContentType, _body) = (status, contentType, body);

    public static ManagementAnswer NoContent { get; } = new(StatusCodes.Status204NoContent, "", []);

    public int Status { get; }
    public string ContentType { get; }
    public string? ETag { get; init; }
    public string? Location { get; init; }

    public static ManagementAnswer Json<T>(T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK) =>
        new(status, "application/json", JsonSerializer.SerializeToUtf8Bytes(value, type));

    public static ManagementAnswer Text(string text, string contentType) =>
        new(StatusCodes.Status200OK, contentType, Encoding.UTF8.GetBytes(text));

    /// <summary>One resource with its version.</summary>
    /// <param name="version">The JSON that the version is made of: the resource without its secret.</param>
    public static ManagementAnswer Resource(string json, string version, int status, string? location = null) =>
        new(status, "application/json", Encoding.UTF8.GetBytes(json))
        {
            ETag = EntityTag.Of(version),
            Location = location,
        };

    public async Task ExecuteAsync(HttpContext http)
    {
        var response = http.Response;
        response.StatusCode = Status;
        // A secret may be in it, and a list is out of date a moment later.
        response.Headers.CacheControl = "no-store";
        response.Headers.ETag = ETag;
        response.Headers.Location = Location;
        if (Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        if (_body.Length > 0)
        {
            response.ContentType = ContentType;
            response.ContentLength = _body.Length;
            await response.Body.WriteAsync(_body, http.RequestAborted);
        }
    }
}
