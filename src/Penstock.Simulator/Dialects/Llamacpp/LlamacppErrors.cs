using Penstock.Simulator.Answers;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Llamacpp;

/// <summary>llama-server's error bodies: wrapped, the code first and an integer, no <c>param</c>.</summary>
internal static class LlamacppErrors
{
    public const string JsonType = "application/json; charset=utf-8";

    public static readonly HttpReply Loading = Of(503, "Loading model");

    public static HttpReply Of(int status, string message) => Reply(status, Body(status, message));

    /// <summary>A feature that was not switched on: a status of its own and no code.</summary>
    public static HttpReply Unsupported(string message) => Of(501, message);

    /// <summary>With the two numbers that say by how much.</summary>
    public static HttpReply TooLong(int promptTokens, int context) =>
        Reply(
            400,
            new ByteBuffer(256)
                .Add("{\"error\":{\"code\":400,\"message\":"u8)
                .AddQuoted(
                    $"request ({promptTokens} tokens) exceeds the available context size ({context} tokens), try increasing it"
                )
                .Add(",\"type\":\"exceed_context_size_error\",\"n_prompt_tokens\":"u8)
                .Add(promptTokens)
                .Add(",\"n_ctx\":"u8)
                .Add(context)
                .Add("}}"u8)
                .ToArray()
        );

    public static byte[] Body(int status, string message) =>
        new ByteBuffer(256)
            .Add("{\"error\":{\"code\":"u8)
            .Add(status)
            .Add(",\"message\":"u8)
            .AddQuoted(message)
            .Add(",\"type\":"u8)
            .AddQuoted(Type(status))
            .Add("}}"u8)
            .ToArray();

    private static HttpReply Reply(int status, byte[] body) => new(status, JsonType, body);

    private static string Type(int status) =>
        status switch
        {
            401 => "authentication_error",
            403 => "permission_error",
            404 => "not_found_error",
            501 => "not_supported_error",
            503 => "unavailable_error",
            >= 500 => "server_error",
            _ => "invalid_request_error",
        };
}
