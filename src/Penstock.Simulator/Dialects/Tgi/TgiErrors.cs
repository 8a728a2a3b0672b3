using System.Text;
using Penstock.Simulator.Answers;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Tgi;

/// <summary>TGI's error bodies: a text under <c>error</c> and its kind beside it.</summary>
internal static class TgiErrors
{
    public static HttpReply Reply(int status, string kind, string message) =>
        new(
            status,
            HttpReply.Json,
            new ByteBuffer(256)
                .Add("{\"error\":"u8)
                .AddQuoted(message)
                .Add(",\"error_type\":"u8)
                .AddQuoted(kind)
                .Add((byte)'}')
                .ToArray()
        );

    /// <summary>What the web framework says before TGI's own code is reached.</summary>
    public static HttpReply Text(int status, string message) =>
        new(status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(message));

    public static HttpReply Validation(string message) =>
        Reply(422, "validation", $"Input validation error: {message}");

    public static HttpReply Of(int status, string message) =>
        status switch
        {
            422 => Validation(message),
            424 => Reply(424, "generation", $"Request failed during generation: {message}"),
            429 => Reply(429, "overloaded", message),
            503 => Reply(503, "healthcheck", message),
            _ => Reply(status, "incomplete_generation", message),
        };

    public static byte[] Event(string message) =>
        new ByteBuffer(128)
            .Add("{\"error\":{\"message\":"u8)
            .AddQuoted($"Request failed during generation: {message}")
            .Add(",\"http_status_code\":424}}"u8)
            .ToArray();
}
