using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Penstock.Inference;

/// <summary>Writes <c>{"error":{"message","type","param","code"}}</c>: the one shape of an error.</summary>
internal static class ErrorEnvelope
{
    // Sentences from engines are full of quotes and arrows; they are data, never markup.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(IBufferWriter<byte> output, InferenceRefusal refusal)
    {
        using var writer = new Utf8JsonWriter(output, Plain);
        writer.WriteStartObject();
        writer.WriteStartObject("error"u8);
        writer.WriteString("message"u8, refusal.Message);
        writer.WriteString("type"u8, refusal.Type);
        writer.WriteString("param"u8, refusal.Param);
        writer.WriteString("code"u8, refusal.Code);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>The same as one server-sent event.</summary>
    public static void WriteEvent(IBufferWriter<byte> output, InferenceRefusal refusal)
    {
        output.Write("data: "u8);
        Write(output, refusal);
        output.Write("\n\n"u8);
    }
}
