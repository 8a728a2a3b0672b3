using System.Text.Json;
using Penstock.Engines.RunPod;

namespace Penstock.Engines;

/// <summary>
/// Reads the JSON of an error: wrapped <c>{"error":{...}}</c>, flat <c>{"object":"error","message":...}</c>,
/// <c>{"error":"text"}</c> with a text that may hold a further error, FastAPI's <c>{"detail":...}</c>, or a RunPod job.
/// </summary>
internal static class ErrorDocument
{
    /// <summary>An engine's error in a worker's error in a job's error: no host wraps deeper.</summary>
    private const int MostWrappings = 4;

    /// <returns>Null for what is no error, or no JSON.</returns>
    public static EngineError? Read(ReadOnlySpan<byte> json) => Read(json, MostWrappings);

    public static EngineError? Read(ReadOnlySpan<byte> json, int wrappings)
    {
        if (wrappings == 0 || json.IsEmpty || json[0] is not ((byte)'{' or (byte)'"'))
        {
            return null;
        }

        try
        {
            var reader = new Utf8JsonReader(json);
            return JsonElement.TryParseValue(ref reader, out var root) ? FromRoot(root.Value, wrappings) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static EngineError? FromRoot(JsonElement root, int wrappings)
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
                return FromText(error.GetString()!, Text(root, "error_type"), wrappings);
            }

            if (error.ValueKind == JsonValueKind.Object)
            {
                return FromObject(error, wrappings);
            }
        }

        return FromObject(root, wrappings) ?? RunPodJob.Read(Text(root, "status"));
    }

    /// <summary>The text of <c>error</c>: a sentence, or a whole error printed into it.</summary>
    private static EngineError? FromText(string text, string? code, int wrappings) =>
        RunPodJobError.Read(text, wrappings - 1) ?? Said(text, null, code, null);

    private static EngineError? FromObject(JsonElement error, int wrappings)
    {
        var message = Text(error, "message") ?? Text(error, "error_message");
        if (message is null && error.TryGetProperty("detail", out var detail))
        {
            return FromDetail(detail);
        }

        if (message is not null && Text(error, "type") == RunPodJobError.Type)
        {
            return RunPodJobError.Unfold(message, wrappings - 1);
        }

        var status = Number(error, "http_status_code") ?? Number(error, "code");
        return Said(message, Text(error, "param"), Text(error, "code"), status is >= 400 and <= 599 ? status : null);
    }

    /// <summary>FastAPI's: a sentence, or a list of mistakes of which the first is told.</summary>
    private static EngineError? FromDetail(JsonElement detail)
    {
        if (detail.ValueKind != JsonValueKind.Array || detail.GetArrayLength() == 0)
        {
            return Said(
                detail.ValueKind == JsonValueKind.String ? detail.GetString() : detail.GetRawText(),
                null,
                null,
                null
            );
        }

        var first = detail[0];
        return first.ValueKind == JsonValueKind.Object
            ? Said(Text(first, "msg"), Location(first), null, null)
            : Said(first.ToString(), null, null, null);
    }

    /// <summary><c>["body","messages",0,"role"]</c> as <c>messages[0].role</c>.</summary>
    private static string? Location(JsonElement mistake)
    {
        if (!mistake.TryGetProperty("loc", out var path) || path.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var text = "";
        foreach (var step in path.EnumerateArray().SkipWhile(step => step.ToString() == "body"))
        {
            text +=
                step.ValueKind == JsonValueKind.Number ? $"[{step}]"
                : text.Length == 0 ? step.ToString()
                : $".{step}";
        }

        return text.Length > 0 ? text : null;
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
}
