using System.Buffers;
using System.Text;
using System.Text.Json;
using Penstock.Registry;
using Penstock.Registry.Reading;

namespace Penstock.Management;

/// <summary>A document of ours as JSON, value for value.</summary>
internal static class DocumentJson
{
    public static string OfYaml(string yaml)
    {
        var mistakes = new MistakeList();
        var root = YamlTree.Read(Encoding.UTF8.GetBytes(yaml), mistakes, bounded: false);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            Write(
                writer,
                root ?? throw new InvalidOperationException($"The export is not YAML: {mistakes.InOrder()[0]}")
            );
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void Write(Utf8JsonWriter writer, Node node)
    {
        switch (node)
        {
            case ScalarNode { Form: ScalarForm.Text } text:
                writer.WriteStringValue(text.Text);
                break;
            case ScalarNode scalar:
                // Null, booleans and numbers are spelt alike in both: our writer knows no other spelling.
                writer.WriteRawValue(scalar.Form is ScalarForm.Null ? "null" : scalar.Text);
                break;
            case SequenceNode sequence:
                writer.WriteStartArray();
                foreach (var item in sequence.Items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case MappingNode mapping:
                writer.WriteStartObject();
                foreach (var entry in mapping.Entries)
                {
                    writer.WritePropertyName(entry.Key.Text);
                    Write(writer, entry.Value);
                }

                writer.WriteEndObject();
                break;
            default:
                throw new ArgumentException($"{node.Kind} is no value.", nameof(node));
        }
    }
}
