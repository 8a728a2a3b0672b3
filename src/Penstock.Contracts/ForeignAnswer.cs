namespace Penstock.Contracts;

/// <summary>An answer that no management API gives: another program's page, a proxy's error, a redirect.</summary>
internal static class ForeignAnswer
{
    /// <summary>The code of every such answer; the server itself never uses it.</summary>
    private const string Code = "unexpected_answer";

    public static ManagementException Of(HttpResponseMessage response)
    {
        var where = response.RequestMessage?.RequestUri;
        var form = response.Content.Headers.ContentType?.MediaType ?? "no content type";
        var message =
            $"{where} answered {(int)response.StatusCode} with {form}, which is not Penstock's management API. "
            + "Check the server's address.";
        return new ManagementException(
            (int)response.StatusCode,
            new ErrorBody
            {
                Message = message,
                Type = "api_error",
                Code = Code,
            }
        );
    }
}
