using Penstock.Simulator.Answers;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Writing;

/// <summary>The forms that engines' error bodies take.</summary>
internal static class ErrorJson
{
    /// <summary>OpenAI's: an object under <c>error</c>; the code a string or null.</summary>
    public static HttpReply Wrapped(
        int status,
        string type,
        string message,
        string? param = null,
        string? code = null
    ) => new(status, HttpReply.Json, Wrapped(type, message, param, code));

    public static byte[] Wrapped(string type, string message, string? param, string? code) =>
        new ByteBuffer(256)
            .Add("{\"error\":{\"message\":"u8)
            .AddQuoted(message)
            .Add(",\"type\":"u8)
            .AddQuoted(type)
            .Add(",\"param\":"u8)
            .AddQuoted(param)
            .Add(",\"code\":"u8)
            .AddQuoted(code)
            .Add("}}"u8)
            .ToArray();

    /// <summary>The object itself, as SGLang and TensorRT-LLM send it.</summary>
    /// <param name="type">The kind of error.</param>
    /// <param name="message">What is wrong.</param>
    /// <param name="param">The field.</param>
    /// <param name="code">JSON: a number or a quoted word.</param>
    public static byte[] Flat(string type, string message, string? param, string code) =>
        new ByteBuffer(256)
            .Add("{\"object\":\"error\",\"message\":"u8)
            .AddQuoted(message)
            .Add(",\"type\":"u8)
            .AddQuoted(type)
            .Add(",\"param\":"u8)
            .AddQuoted(param)
            .Add(",\"code\":"u8)
            .Add(code)
            .Add((byte)'}')
            .ToArray();

    /// <summary>Only a text under <c>error</c>.</summary>
    public static HttpReply Text(int status, string message) =>
        new(
            status,
            HttpReply.Json,
            new ByteBuffer(256).Add("{\"error\":"u8).AddQuoted(message).Add((byte)'}').ToArray()
        );

    /// <summary>FastAPI's own, where the application has no word of its own.</summary>
    public static HttpReply Detail(int status) =>
        HttpReply.JsonText($$"""{"detail":"{{HeadWriter.Phrase(status)}}"}""", status);

    public static HttpReply WithAllow(this HttpReply reply, string verbs) =>
        reply with
        {
            Headers = [new HttpHeader("allow", verbs)],
        };
}
