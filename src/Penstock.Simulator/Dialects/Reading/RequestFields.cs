using System.Globalization;
using System.Text.Json;

namespace Penstock.Simulator.Dialects.Reading;

/// <summary>
/// Reads typed fields: null is the default, the last of several equal keys holds, and a wrong type is refused with the
/// field's place. Lax complaints read as pydantic does: <c>"100"</c> is an integer, <c>"yes"</c> is true.
/// </summary>
internal sealed class RequestFields(JsonElement root, Complaints complaints)
{
    public JsonElement Root => root;

    public JsonElement? Get(string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public bool Has(string name) => root.TryGetProperty(name, out _);

    /// <summary>As Python judges: zero, the empty string and empty containers are false, and so is what is not there.</summary>
    public bool IsTruthy(string name) =>
        Get(name) is { } v
        && v.ValueKind switch
        {
            JsonValueKind.False or JsonValueKind.Undefined => false,
            JsonValueKind.Number => !v.GetDouble().Equals(0),
            JsonValueKind.String => !v.ValueEquals(""),
            JsonValueKind.Array => v.GetArrayLength() > 0,
            JsonValueKind.Object => v.EnumerateObject().Any(),
            _ => true,
        };

    /// <summary>The fields of an object within.</summary>
    public RequestFields? Within(string name) =>
        Object(name) is { } value ? new RequestFields(value, complaints) : null;

    public long? Integer(string name)
    {
        if (Get(name) is not { } value)
        {
            return null;
        }

        switch (value.ValueKind)
        {
            case not JsonValueKind.Number when !complaints.IsLax:
                throw Wrong(name, "int_type", "Input should be a valid integer", value);
            case JsonValueKind.True or JsonValueKind.False:
                return value.GetBoolean() ? 1 : 0;
            case JsonValueKind.Number when value.TryGetInt64(out var whole):
                return whole;
            case JsonValueKind.Number when IsDigits(value.GetRawText()):
                // Python's integers have no end; the largest of ours stands for all beyond it.
                return value.GetRawText()[0] == '-' ? long.MinValue : long.MaxValue;
            case JsonValueKind.Number
                when complaints.IsLax
                    && value.GetDouble() is var number
                    && Math.Floor(number).Equals(number)
                    && Math.Abs(number) < 9e18:
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
            JsonValueKind.Number => value.GetDouble(),
            JsonValueKind.True or JsonValueKind.False when complaints.IsLax => value.GetBoolean() ? 1 : 0,
            JsonValueKind.String when complaints.IsLax => double.TryParse(
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
            JsonValueKind.Number when complaints.IsLax && value.TryGetDouble(out var n) && n is 0 or 1 =>
                value.GetDouble() > 0,
            JsonValueKind.String when complaints.IsLax => Text(value).ToUpperInvariant() switch
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

    public RefusalException Wrong(string name, string type, string message, JsonElement input) =>
        new(complaints.WrongType(new TypeMistake(name, type, message, input)));

    /// <summary>Readable, but nothing the engine can run.</summary>
    public RefusalException Senseless(string message, string? param = null, string? value = null) =>
        new(complaints.Meaning(message, param, value));

    public RefusalException Missing(string name) => Wrong(name, "missing", "Field required", root);

    private static bool IsDigits(string raw) => raw.AsSpan().TrimStart('-').IndexOfAnyExceptInRange('0', '9') < 0;
}
