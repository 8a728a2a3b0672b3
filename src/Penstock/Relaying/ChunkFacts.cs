using System.Text.Json;

namespace Penstock.Relaying;

/// <summary>
/// What one streamed chunk says beyond its text: which choices it names and ends, its usage, an error. Read only from
/// chunks that may say such a thing.
/// </summary>
internal struct ChunkFacts
{
    /// <summary>Engines are asked for at most 128 choices.</summary>
    public const int MostChoices = 128;

    public UInt128 Named;
    public UInt128 Finished;

    /// <summary>No choice at all: the chunk carries usage only.</summary>
    public bool HasNoChoices;

    /// <summary>An error in place of a chunk.</summary>
    public bool IsError;

    /// <summary>The member <c>usage</c> from its name to the end of its value; empty when there is none.</summary>
    public Range UsageMember;

    /// <summary>The value of <c>usage</c> alone.</summary>
    public Range UsageValue;

    public readonly bool HasUsage => UsageMember.End.Value > 0;

    /// <returns>False when the chunk is not a JSON object.</returns>
    public static bool TryRead(ReadOnlySpan<byte> chunk, out ChunkFacts facts)
    {
        facts = default;
        try
        {
            var reader = new Utf8JsonReader(chunk);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                facts.ReadMember(ref reader);
            }

            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void ReadMember(ref Utf8JsonReader reader)
    {
        var name = (int)reader.TokenStartIndex;
        if (reader.ValueTextEquals("choices"u8))
        {
            ReadChoices(ref reader);
        }
        else if (reader.ValueTextEquals("usage"u8))
        {
            reader.Read();
            var value = (int)reader.TokenStartIndex;
            reader.Skip();
            UsageMember = name..(int)reader.BytesConsumed;
            UsageValue = value..(int)reader.BytesConsumed;
        }
        else if (reader.ValueTextEquals("error"u8))
        {
            reader.Read();
            IsError |= reader.TokenType is not (JsonTokenType.Null or JsonTokenType.False);
            reader.Skip();
        }
        else if (reader.ValueTextEquals("object"u8))
        {
            reader.Read();
            IsError |= reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("error"u8);
            reader.Skip();
        }
        else
        {
            reader.Read();
            reader.Skip();
        }
    }

    private void ReadChoices(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }
        HasNoChoices = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            HasNoChoices = false;
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
            var isIndex = reader.ValueTextEquals("index"u8);
            var isFinish = reader.ValueTextEquals("finish_reason"u8);
            reader.Read();
            if (isIndex && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number))
            {
                index = Math.Clamp(number, 0, MostChoices - 1);
            }

            finished |= isFinish && reader.TokenType == JsonTokenType.String;
            reader.Skip();
        }
        Named |= UInt128.One << index;
        if (finished)
        {
            Finished |= UInt128.One << index;
        }
    }
}
