using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Openai;

/// <summary>Errors as the specification has them: wrapped, the code a word or null.</summary>
internal static class OpenaiErrors
{
    public const string Invalid = "invalid_request_error";

    public static HttpReply Reply(int status, string type, string message, string? param = null, string? code = null) =>
        ErrorJson.Wrapped(status, type, message, param, code);

    public static HttpReply Unauthorized(bool hasKey) =>
        hasKey
            ? Reply(401, Invalid, "Incorrect API key provided.", code: "invalid_api_key")
            : Reply(401, Invalid, "You didn't provide an API key.");

    public static HttpReply UnknownModel(string model) =>
        Reply(
            404,
            Invalid,
            $"The model `{model}` does not exist or you do not have access to it.",
            code: "model_not_found"
        );

    public static HttpReply UnknownRoute(HttpRequest request) =>
        Reply(404, Invalid, $"Invalid URL ({request.Method} {request.Path})");

    public static HttpReply Of(int status, string message, string? param) =>
        status switch
        {
            429 => Reply(429, "requests", message, param, "rate_limit_exceeded"),
            >= 500 => Reply(status, "server_error", message, param),
            _ => Reply(status, Invalid, message, param),
        };
}
