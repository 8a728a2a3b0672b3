using System.Text.Json;
using System.Text.Json.Nodes;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Answers.Schema;

/// <summary>JSON as language models write it: a space after every colon and comma.</summary>
internal static class PythonJson
{
    public static string Write(JsonNode? node)
    {
        var buffer = new ByteBuffer(256);
        Add(buffer, node);
        return System.Text.Encoding.UTF8.GetString(buffer.Span);
    }

    private static void Add(ByteBuffer buffer, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject item:
                buffer.Add((byte)'{');
                var isFirst = true;
                foreach (var (name, value) in item)
                {
                    buffer.Add(isFirst ? ""u8 : ", "u8).AddQuoted(name).Add(": "u8);
                    Add(buffer, value);
                    isFirst = false;
                }

                buffer.Add((byte)'}');
                break;
            case JsonArray list:
                buffer.Add((byte)'[');
                for (var i = 0; i < list.Count; i++)
                {
                    buffer.Add(i == 0 ? ""u8 : ", "u8);
                    Add(buffer, list[i]);
                }

                buffer.Add((byte)']');
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                buffer.AddQuoted(value.GetValue<string>());
                break;
            default:
                buffer.Add(node?.ToJsonString() ?? "null");
                break;
        }
    }
}
