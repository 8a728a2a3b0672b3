using System.Text.Json;

namespace Penstock.Relaying;

internal partial struct ChunkFacts
{
    private void ReadChoices(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }
        HasChoices = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Choices++;
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                ReadChoice(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void ReadChoice(ref Utf8JsonReader reader)
    {
        var index = 0;
        var finished = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("delta"u8))
            {
                ReadDelta(ref reader);
                continue;
            }

            var isIndex = reader.ValueTextEquals("index"u8);
            var isFinish = reader.ValueTextEquals("finish_reason"u8);
            var isMore = reader.ValueTextEquals("logprobs"u8) || reader.ValueTextEquals("token_ids"u8);
            reader.Read();
            if (isIndex && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number))
            {
                index = Math.Clamp(number, 0, MostChoices - 1);
            }

            finished |= isFinish && reader.TokenType == JsonTokenType.String;
            SaysMore |= !IsNothing(ref reader) && isMore;
        }
        Named |= UInt128.One << index;
        if (finished)
        {
            Finished |= UInt128.One << index;
        }
    }

    private void ReadDelta(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = (int)reader.TokenStartIndex;
            var isRole = reader.ValueTextEquals("role"u8);
            var isContent = reader.ValueTextEquals("content"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            var isText = isContent && reader.TokenType == JsonTokenType.String;
            var isNothing = IsNothing(ref reader);
            var end = (int)reader.BytesConsumed;
            if (isText)
            {
                (Content, HasContent) = ((start + 1)..(end - 1), true);
            }
            else if (isRole)
            {
                RoleMember = name..end;
            }
            else
            {
                SaysMore |= !isNothing;
            }
        }
    }

    /// <summary>Passes over a value; true for null, false, and what is empty.</summary>
    private static bool IsNothing(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.Null or JsonTokenType.False)
        {
            return true;
        }

        var start = reader.TokenStartIndex;
        reader.Skip();
        // Two bytes: "", [] or {}.
        return reader.TokenType != JsonTokenType.Number
            && reader.TokenType != JsonTokenType.True
            && reader.BytesConsumed - start == 2;
    }
}
