using Microsoft.Net.Http.Headers;
using Penstock.Registry;

namespace Penstock.Management;

/// <summary>
/// What every management request passes: the right listener, the token, a bounded body of the right type, and then the
/// move to the thread pool, since what follows may wait for a disk and the thread here may be a socket's.
/// </summary>
internal sealed class ManagementGate(ManagementListener listener, AdminToken token) : IEndpointFilter
{
    private const string RequestId = "X-Request-Id";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!http.Response.Headers.ContainsKey(RequestId))
        {
            http.Response.Headers[RequestId] = Guid.CreateVersion7().ToString("D");
        }

        if (!listener.Serves(http.Connection))
        {
            return ManagementErrors.UnknownEndpoint;
        }

        if (!token.IsIn(http.Request.Headers.Authorization))
        {
            return ManagementErrors.InvalidToken;
        }

        var most = ManagementBody.MostOf(http);
        if (await ManagementBody.ReadAsync(http, most) is not { } body)
        {
            return ManagementErrors.TooLarge(most);
        }

        if (body.Bytes.Length > 0 && Unreadable(http) is { } refusal)
        {
            return refusal;
        }

        http.Features.Set(body);

        // After the last wait for the socket: what resumes here runs on the pool and stays there.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            return await next(context);
        }
        catch (StoreAwayException)
        {
            return ManagementErrors.StoreAway;
        }
    }

    private static ManagementAnswer? Unreadable(HttpContext http)
    {
        var given = MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) ? type.MediaType.Value : null;
        var document = http.GetEndpoint()?.Metadata.GetMetadata<DocumentBody>() is not null;
        IReadOnlyList<string> taken = document ? DocumentBody.MediaTypes : ["application/json"];
        return taken.Contains(given, StringComparer.OrdinalIgnoreCase)
            ? null
            : ManagementErrors.MediaType(string.Join(" or ", taken.Where(name => !name.Contains("x-"))));
    }
}
