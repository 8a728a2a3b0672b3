using System.Text.Json;

namespace Penstock.Registry.Reading;

/// <summary>Reads the JSON body of a request into the same tree, without lines: a program wrote it, the path says enough.</summary>
internal static class JsonTree
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = DocumentLimits.MostDepth };

    /// <summary>The body's object; null with a mistake reported.</summary>
    public static MappingNode? Read(ReadOnlyMemory<byte> utf8, MistakeList mistakes)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8, Options);
            if (Of(document.RootElement) is MappingNode mapping)
            {
                return mapping;
            }

            mistakes.Add(Place.Nowhere, MistakeCodes.InvalidType, "the body must be a JSON object");
        }
        catch (InvalidOperationException)
        {
            mistakes.Add(Place.Nowhere, MistakeCodes.InvalidDocument, "the body has an escape that is no character");
        }
        catch (JsonException error)
        {
            var place = new Place((int)(error.LineNumber ?? 0) + 1, (int)(error.BytePositionInLine ?? 0) + 1, "");
            mistakes.Add(place, MistakeCodes.InvalidDocument, "the body is not valid JSON");
        }

        return null;
    }

    private static Node Of(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => new MappingNode(0, 0, [.. element.EnumerateObject().Select(Of)]),
            JsonValueKind.Array => new SequenceNode(0, 0, [.. element.EnumerateArray().Select(Of)]),
            JsonValueKind.String => new ScalarNode(0, 0, element.GetString()!, ScalarForm.Text),
            JsonValueKind.Number => new ScalarNode(0, 0, element.GetRawText(), ScalarForm.Number),
            JsonValueKind.True or JsonValueKind.False => new ScalarNode(0, 0, element.GetRawText(), ScalarForm.Boolean),
            _ => new ScalarNode(0, 0, "null", ScalarForm.Null),
        };

    private static MappingEntry Of(JsonProperty property) =>
        new(new ScalarNode(0, 0, property.Name, ScalarForm.Text), Of(property.Value));
}
