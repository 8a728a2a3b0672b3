using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Sglang;

/// <summary>SGLang's error bodies: flat on HTTP, wrapped inside a stream.</summary>
internal static class SglangErrors
{
    public static readonly HttpReply Unauthorized = ErrorJson.Text(401, "Unauthorized");

    public static HttpReply Reply(int status, string type, string message, string? param = null) =>
        new(status, HttpReply.Json, ErrorJson.Flat(type, message, param, $"{status}"));

    /// <summary>What was raised as an HTTP error has its status for a type, as text.</summary>
    public static HttpReply Raised(int status, string message) =>
        Reply(status, status == 500 ? "InternalServerError" : $"{status}", message);

    public static HttpReply UnknownModel(string model) =>
        ErrorJson.Wrapped(
            404,
            "invalid_request_error",
            $"The model '{model}' does not exist",
            "model",
            "model_not_found"
        );
}
