using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Penstock.Engines;

/// <summary>
/// Reads an engine's error body in every dialect met: wrapped <c>{"error":{...}}</c>, flat
/// <c>{"object":"error","message":...}</c>, <c>{"error":"text"}</c>, FastAPI's <c>{"detail":...}</c>, plain text, and
/// HTML from a proxy in between.
/// </summary>
internal static class EngineErrorReader
{
    public static EngineError Read(int status, ReadOnlySpan<byte> body)
    {
        var said = Parse(status, body);
        return said with { Message = EngineMessage.Clean(said.Message, said.Status ?? status) };
    }

    private static EngineError Parse(int status, ReadOnlySpan<byte> body)
    {
        var text = body.Trim(" \t\r\n"u8);
        if (text.Length > 0 && text[0] is (byte)'{' or (byte)'"')
        {
            try
            {
                var reader = new Utf8JsonReader(text);
                if (JsonElement.TryParseValue(ref reader, out var root) && FromJson(root.Value) is { } error)
                {
                    return error;
                }
            }
            catch (JsonException)
            {
                // Not JSON after all: its text is still the best there is.
            }
        }
        return new EngineError(PlainText(status, text), null, null, null);
    }

    private static EngineError? FromJson(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.String)
        {
            return Said(root.GetString(), null, null, null);
        }

        if (root.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (root.TryGetProperty("error", out var error))
        {
            if (error.ValueKind == JsonValueKind.String)
            {
                return Said(error.GetString(), null, Text(root, "error_type"), null);
            }

            if (error.ValueKind == JsonValueKind.Object)
            {
                return FromObject(error);
            }
        }
        return FromObject(root);
    }

    private static EngineError? FromObject(JsonElement error)
    {
        var status = Number(error, "http_status_code") ?? Number(error, "code");
        var message = Text(error, "message") ?? Text(error, "detail");
        return Said(message, Text(error, "param"), Text(error, "code"), status is >= 400 and <= 599 ? status : null);
    }

    private static EngineError? Said(string? message, string? param, string? code, int? status) =>
        string.IsNullOrWhiteSpace(message) ? null : new EngineError(message, param, code, status);

    /// <summary>A string, or a number or object written as one: <c>code</c> is an integer on most engines.</summary>
    private static string? Text(JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out var value))
        {
            return null;
        }

        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Null or JsonValueKind.Undefined => null,
            _ => value.GetRawText(),
        };
    }

    private static int? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt32(out var number)
            ? number
            : null;

    private static string PlainText(int status, ReadOnlySpan<byte> text)
    {
        var isPage = text.Length > 0 && text[0] == (byte)'<';
        if (text.Length == 0 || isPage)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"The engine answered {status} ({(HttpStatusCode)status}) without saying why."
            );
        }

        return Encoding.UTF8.GetString(text[..Math.Min(text.Length, EngineMessage.Longest)]);
    }
}
