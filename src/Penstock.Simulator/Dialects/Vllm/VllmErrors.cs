using Penstock.Simulator.Answers;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Vllm;

/// <summary>vLLM's error bodies: wrapped, the code an integer that repeats the status.</summary>
internal static class VllmErrors
{
    public static readonly HttpReply Unauthorized = HttpReply.JsonText("""{"error":"Unauthorized"}""", 401);

    public static HttpReply NotFound => Phrase(404);

    public static HttpReply MethodNotAllowed(string allowed) =>
        Phrase(405) with
        {
            Headers = [new HttpHeader("allow", allowed)],
        };

    /// <summary>Refused by the framework before vLLM's own code: malformed JSON, wrong types.</summary>
    public static HttpReply Validation(string message, string? param) => Reply(400, "Bad Request", message, param);

    /// <summary>A check of meaning, made when the request is about to run.</summary>
    public static HttpReply Semantic(string message, string? param = null, string? value = null) =>
        Reply(400, "BadRequestError", Located(message, param, value), param);

    public static HttpReply UnknownModel(string model) =>
        Reply(404, "NotFoundError", $"The model `{model}` does not exist.", "model");

    public static HttpReply Phrase(int status, string? message = null) =>
        Reply(status, Type(status), message ?? HeadWriter.Phrase(status), param: null);

    public static byte[] Body(int status, string type, string message, string? param) =>
        new ByteBuffer(256)
            .Add("{\"error\":{\"message\":"u8)
            .AddQuoted(message)
            .Add(",\"type\":"u8)
            .AddQuoted(type)
            .Add(",\"param\":"u8)
            .AddQuoted(param)
            .Add(",\"code\":"u8)
            .Add(status)
            .Add("}}"u8)
            .ToArray();

    public static string Type(int status) => status == 500 ? "InternalServerError" : HeadWriter.Phrase(status);

    private static HttpReply Reply(int status, string type, string message, string? param) =>
        new(status, HttpReply.Json, Body(status, type, message, param));

    public static string Located(string message, string? param, string? value) =>
        param is null ? message
        : value is null ? $"{message} (parameter={param})"
        : $"{message} (parameter={param}, value={value})";
}
