using Penstock.Primitives.Json;

namespace Penstock.Envelopes;

/// <summary>Holds <c>response_format</c> to the contract; types that engines add are forwarded.</summary>
internal static class ResponseFormatReader
{
    private const string Schema = "response_format.json_schema";

    public static EnvelopeRefusal? Read(ref JsonCursor cursor, JsonKind kind, ref RequestEnvelope envelope)
    {
        if (kind != JsonKind.Object)
        {
            return Values.Mismatch(ref cursor, kind, "response_format", "an object");
        }

        cursor.EnterObject();
        JsonText? type = null;
        var schema = JsonKind.None;
        while (cursor.NextName(out var name))
        {
            kind = cursor.Peek();
            if (name.Means(cursor.Json, "type"u8) && kind != JsonKind.Null)
            {
                if (Values.Text(ref cursor, "response_format.type", out var text) is { } refusal)
                {
                    return refusal;
                }

                type = text;
                continue;
            }

            if (name.Means(cursor.Json, "type"u8))
            {
                type = null;
            }
            else if (name.Means(cursor.Json, "json_schema"u8))
            {
                schema = kind;
            }

            cursor.SkipValue();
        }

        return cursor.Failed ? EnvelopeRefusal.NotJson(cursor) : Judge(cursor.Json, type, schema, ref envelope);
    }

    private static EnvelopeRefusal? Judge(
        ReadOnlySpan<byte> json,
        JsonText? type,
        JsonKind schema,
        ref RequestEnvelope envelope
    )
    {
        if (type is not { } given)
        {
            return EnvelopeRefusal.Missing("response_format.type", "'text', 'json_object' or 'json_schema'");
        }

        var hasSchema = given.Means(json, "json_schema"u8);
        envelope.HasGrammar = hasSchema || given.Means(json, "json_object"u8);
        if (!hasSchema || schema == JsonKind.Object)
        {
            return null;
        }

        return schema is JsonKind.None or JsonKind.Null
            ? EnvelopeRefusal.Missing(Schema, "an object with the schema")
            : EnvelopeRefusal.WrongType(Schema, "an object", schema);
    }
}
