using System.Text.Json;

namespace Penstock.Relaying;

/// <summary>
/// What one streamed chunk says: which choices it names and ends, its text, its usage, an error; and where in its
/// bytes that stands. Reading holds the chunk to JSON's grammar.
/// </summary>
internal partial struct ChunkFacts
{
    /// <summary>Engines are asked for at most 128 choices.</summary>
    public const int MostChoices = 128;

    public UInt128 Named;
    public UInt128 Finished;

    /// <summary>There is a list of choices; an empty one goes with usage.</summary>
    public bool HasChoices;

    /// <summary>Choices in the list.</summary>
    public int Choices;

    /// <summary>An error in place of a chunk.</summary>
    public bool IsError;

    /// <summary>The values of <c>id</c>, <c>created</c> and <c>model</c>; empty when absent.</summary>
    public Range Id;
    public Range Created;
    public Range Model;

    /// <summary>The member <c>usage</c> from its name to the end of its value; empty when there is none.</summary>
    public Range UsageMember;

    /// <summary>The value of <c>usage</c> alone.</summary>
    public Range UsageValue;

    /// <summary>The member <c>role</c> of the last choice's delta; empty when there is none.</summary>
    public Range RoleMember;

    /// <summary>The text of the last choice's delta as it is spelled, between its quotes; empty when there is none.</summary>
    public Range Content;

    /// <summary>There is a text, be it an empty one.</summary>
    public bool HasContent;

    /// <summary>A delta says more than a role and a text: reasoning, tool calls, log-probabilities, token ids.</summary>
    public bool SaysMore;

    public readonly bool HasUsage => UsageMember.End.Value > 0;

    public readonly bool HasRole => RoleMember.End.Value > 0;

    public readonly bool HasText => Content.End.Value > Content.Start.Value;

    /// <summary>Text for the first choice, and nothing else whatever.</summary>
    public readonly bool IsPlain =>
        HasContent && Choices == 1 && Named == 1 && Finished == 0 && !HasUsage && !HasRole && !SaysMore;

    /// <summary>Usage in a chunk of its own.</summary>
    public readonly bool IsUsageAlone => HasUsage && HasChoices && Choices == 0;

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
            UsageValue = SkipValue(ref reader);
            UsageMember = name..UsageValue.End;
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
            ReadIdentity(ref reader);
        }
    }

    private void ReadIdentity(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("id"u8))
        {
            Id = SkipValue(ref reader);
        }
        else if (reader.ValueTextEquals("created"u8))
        {
            Created = SkipValue(ref reader);
        }
        else if (reader.ValueTextEquals("model"u8))
        {
            Model = SkipValue(ref reader);
        }
        else
        {
            SkipValue(ref reader);
        }
    }

    /// <summary>Passes over a member's value.</summary>
    private static Range SkipValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return start..(int)reader.BytesConsumed;
    }
}
