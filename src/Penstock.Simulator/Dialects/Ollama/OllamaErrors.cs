using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Ollama;

/// <summary>Ollama's error bodies: wrapped, parameter and code always null.</summary>
internal static class OllamaErrors
{
    public static readonly HttpReply NoPage = new(404, "text/plain", "404 page not found"u8.ToArray());

    public static HttpReply Of(int status, string message) =>
        ErrorJson.Wrapped(
            status,
            status switch
            {
                404 => "not_found_error",
                >= 400 and < 500 => "invalid_request_error",
                _ => "api_error",
            },
            message
        );

    public static HttpReply UnknownModel(string model) => Of(404, $"model '{model}' not found");
}
