using System.Globalization;
using System.Text.Json;

namespace Penstock.Simulator.Dialects.Vllm;

/// <summary>
/// Reads typed fields as pydantic does in its lax mode: <c>"100"</c> is an integer, <c>"yes"</c> is true, null is the
/// default, and the last of several equal keys holds. A wrong type is refused with the field's place.
/// </summary>
internal sealed class VllmFields(JsonElement root)
{
    public JsonElement? Get(string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public bool Has(string name) => root.TryGetProperty(name, out _);

    public long? Integer(string name)
    {
        if (Get(name) is not { } value)
        {
            return null;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.True or JsonValueKind.False:
                return value.GetBoolean() ? 1 : 0;
            case JsonValueKind.Number when value.TryGetInt64(out var whole):
                return whole;
            case JsonValueKind.Number when IsDigits(value.GetRawText()):
                // Python's integers have no end; the largest of ours stands for all beyond it.
                return value.GetRawText()[0] == '-' ? long.MinValue : long.MaxValue;
            case JsonValueKind.Number
                when value.GetDouble() is var number && Math.Floor(number).Equals(number) && Math.Abs(number) < 9e18:
                return (long)number;
            case JsonValueKind.Number:
                throw Wrong(
                    name,
                    "int_from_float",
                    "Input should be a valid integer, got a number with a fractional part",
                    value
                );
            case JsonValueKind.String
                when long.TryParse(
                    Text(value).Trim(),
                    NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture,
                    out var parsed
                ):
                return parsed;
            case JsonValueKind.String:
                throw Wrong(
                    name,
                    "int_parsing",
                    "Input should be a valid integer, unable to parse string as an integer",
                    value
                );
            default:
                throw Wrong(name, "int_type", "Input should be a valid integer", value);
        }
    }

    public double? Number(string name)
    {
        if (Get(name) is not { } value)
        {
            return null;
        }

        return value.ValueKind switch
        {
            JsonValueKind.True or JsonValueKind.False => value.GetBoolean() ? 1 : 0,
            JsonValueKind.Number => value.GetDouble(),
            JsonValueKind.String => double.TryParse(
                Text(value).Trim(),
                NumberStyles.Float,
                CultureInfo.InvariantCulture,
                out var parsed
            )
                ? parsed
                : throw Wrong(
                    name,
                    "float_parsing",
                    "Input should be a valid number, unable to parse string as a number",
                    value
                ),
            _ => throw Wrong(name, "float_type", "Input should be a valid number", value),
        };
    }

    public bool? Boolean(string name)
    {
        if (Get(name) is not { } value)
        {
            return null;
        }

        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number when value.TryGetDouble(out var n) && n is 0 or 1 => value.GetDouble() > 0,
            JsonValueKind.String => Text(value).ToUpperInvariant() switch
            {
                "TRUE" or "T" or "YES" or "Y" or "ON" or "1" => true,
                "FALSE" or "F" or "NO" or "N" or "OFF" or "0" => false,
                _ => throw Wrong(
                    name,
                    "bool_parsing",
                    "Input should be a valid boolean, unable to interpret input",
                    value
                ),
            },
            _ => throw Wrong(name, "bool_type", "Input should be a valid boolean", value),
        };
    }

    public string? String(string name) =>
        Get(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? Text(value)
        : throw Wrong(name, "string_type", "Input should be a valid string", value);

    public JsonElement? Object(string name) =>
        Get(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Object ? value
        : throw Wrong(name, "dict_type", "Input should be a valid dictionary", value);

    public JsonElement? List(string name) =>
        Get(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Array ? value
        : throw Wrong(name, "list_type", "Input should be a valid list", value);

    public List<string> Strings(string name)
    {
        if (Get(name) is not { } value)
        {
            return [];
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return [Text(value)];
        }

        if (
            value.ValueKind != JsonValueKind.Array
            || value.EnumerateArray().Any(v => v.ValueKind != JsonValueKind.String)
        )
        {
            throw Wrong(name, "string_type", "Input should be a valid string", value);
        }

        return [.. value.EnumerateArray().Select(Text)];
    }

    /// <summary>
    /// A string's characters; a lone surrogate, which Python lets through, becomes the replacement character.
    /// </summary>
    public static string Text(JsonElement value)
    {
        try
        {
            return value.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return "\uFFFD";
        }
    }

    public static RefusalException Wrong(string name, string type, string message, JsonElement input)
    {
        // A megabyte of wrong input is not sent back whole.
        var raw = input.GetRawText();
        var shown = raw.Length > 200 ? string.Concat(raw.AsSpan(0, 200), "...") : raw;
        var place = string.Join(", ", name.Split('.').Select(p => p.All(char.IsAsciiDigit) ? p : $"'{p}'"));
        return new RefusalException(
            VllmErrors.Validation(
                $"1 validation error:\n  {{'type': '{type}', 'loc': ('body', {place}), 'msg': '{message}', 'input': {shown}}}",
                $"body.{name}"
            )
        );
    }

    private static bool IsDigits(string raw) => raw.AsSpan().TrimStart('-').IndexOfAnyExceptInRange('0', '9') < 0;
}
