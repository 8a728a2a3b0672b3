using System.Globalization;
using System.Text;
using System.Text.Json;
using Penstock.Engines;

namespace Penstock.Relaying;

/// <summary>Puts the numbers of a whole answer in the place of those of its last part.</summary>
internal static class UsageNumbers
{
    /// <param name="chunk">The whole chunk.</param>
    /// <param name="usage">Where the value of <c>usage</c> stands in it.</param>
    public static void Replace(ReadOnlySpan<byte> chunk, Range usage, in TokenUsage whole, ref ChunkEdits edits)
    {
        var start = usage.Start.Value;
        var reader = new Utf8JsonReader(chunk[usage]);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            long? number =
                reader.ValueTextEquals("prompt_tokens"u8) ? whole.Prompt
                : reader.ValueTextEquals("completion_tokens"u8) ? whole.Completion
                : reader.ValueTextEquals("total_tokens"u8) ? whole.Prompt + whole.Completion
                : null;
            reader.Read();
            if (number is { } value && reader.TokenType == JsonTokenType.Number)
            {
                var from = start + (int)reader.TokenStartIndex;
                edits.Replace(from..(start + (int)reader.BytesConsumed), chunk.Length, Spell(value));
            }

            reader.Skip();
        }
    }

    public static byte[] Spell(long number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));
}
