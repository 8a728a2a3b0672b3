using System.Buffers.Text;
using System.Runtime.InteropServices;
using Penstock.Primitives.Json;

namespace Penstock.Envelopes;

/// <summary>
/// A request as it went to an engine, read again to see whether another engine may go on with its answer, and where it
/// is to be changed for that. Read only when a stream has broken.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct ContinuableRequest
{
    private bool _isBarred;

    /// <summary>Offset of the bracket that closes the messages.</summary>
    public int MessagesEnd { get; private set; }

    /// <summary>Offset of the root object's last byte.</summary>
    public int ClosingBrace { get; private set; }

    /// <summary>Where the last message's text ends if it is an assistant's; 0: it is not, or it has no plain text.</summary>
    public int LastAssistantTextEnd { get; private set; }

    /// <summary>The caller wants the last message to be gone on with, so their part is the beginning of ours.</summary>
    public bool ContinuesFinalMessage { get; private set; }

    public FieldSpot ContinueFinalMessage { get; private set; }

    public FieldSpot AddGenerationPrompt { get; private set; }

    public FieldSpot MaxTokens { get; private set; }

    public FieldSpot MaxCompletionTokens { get; private set; }

    /// <summary>Tokens that the answer may have; null: as many as the engine likes.</summary>
    public long? MostTokens { get; private set; }

    /// <summary>Nothing in the request forbids that another engine goes on.</summary>
    public readonly bool IsPossible =>
        !_isBarred && MessagesEnd > 0 && (!ContinuesFinalMessage || LastAssistantTextEnd > 0);

    /// <param name="body">A JSON object.</param>
    /// <param name="said">What the caller has of the answer, spelled as in a JSON string.</param>
    public static ContinuableRequest Read(ReadOnlySpan<byte> body, ReadOnlySpan<byte> said)
    {
        var request = default(ContinuableRequest);
        var decoded = new byte[said.Length];
        // Half of a surrogate pair at the end is no text that an engine would take.
        request._isBarred = !JsonEscapes.TryDecode(said, decoded, out var length);
        var cursor = new JsonCursor(body);
        cursor.EnterObject();
        while (cursor.NextName(out var name))
        {
            request.ReadMember(ref cursor, name, decoded.AsSpan(0, length));
        }

        request.ClosingBrace = cursor.Position - 1;
        request._isBarred |= cursor.Failed;
        return request;
    }

    private void ReadMember(ref JsonCursor cursor, JsonText name, ReadOnlySpan<byte> said)
    {
        var json = cursor.Json;
        if (name.Means(json, "messages"u8))
        {
            ReadMessages(ref cursor);
        }
        else if (name.Means(json, "stop"u8))
        {
            _isBarred |= StopStrings.ReadStraddles(ref cursor, said);
        }
        else if (name.Means(json, "response_format"u8))
        {
            _isBarred |= !SkipPlainFormat(ref cursor);
        }
        else if (name.Means(json, "continue_final_message"u8))
        {
            ContinueFinalMessage = Skip(ref cursor);
            ContinuesFinalMessage = json[ContinueFinalMessage.Start] == 't';
        }
        else if (name.Means(json, "add_generation_prompt"u8))
        {
            AddGenerationPrompt = Skip(ref cursor);
        }
        else if (name.Means(json, "max_tokens"u8))
        {
            MaxTokens = Skip(ref cursor);
            MostTokens ??= Number(json, MaxTokens);
        }
        else if (name.Means(json, "max_completion_tokens"u8))
        {
            MaxCompletionTokens = Skip(ref cursor);
            MostTokens = Number(json, MaxCompletionTokens) ?? MostTokens;
        }
        else
        {
            var isBar = ContinuationBars.Includes(json, name);
            _isBarred |= !ContinuationBars.SkipNothing(ref cursor) && isBar;
        }
    }

    private void ReadMessages(ref JsonCursor cursor)
    {
        cursor.EnterArray();
        while (cursor.NextElement())
        {
            LastAssistantTextEnd = ReadMessage(ref cursor);
        }

        MessagesEnd = cursor.Position - 1;
    }

    /// <returns>As <see cref="LastAssistantTextEnd"/>.</returns>
    private static int ReadMessage(ref JsonCursor cursor)
    {
        var isAssistant = false;
        var textEnd = 0;
        cursor.EnterObject();
        while (cursor.NextName(out var name))
        {
            if (name.Means(cursor.Json, "role"u8) && cursor.Peek() == JsonKind.String)
            {
                cursor.ReadString(out var role);
                isAssistant = role.Means(cursor.Json, "assistant"u8);
            }
            else if (name.Means(cursor.Json, "content"u8))
            {
                var isText = cursor.Peek() == JsonKind.String;
                cursor.SkipValue();
                textEnd = isText ? cursor.Position - 1 : 0;
            }
            else
            {
                cursor.SkipValue();
            }
        }

        return isAssistant ? textEnd : 0;
    }

    /// <summary>Passes over a format; true when it leaves the text free.</summary>
    private static bool SkipPlainFormat(ref JsonCursor cursor)
    {
        if (cursor.Peek() != JsonKind.Object)
        {
            return ContinuationBars.SkipNothing(ref cursor);
        }

        var isPlain = true;
        cursor.EnterObject();
        while (cursor.NextName(out var name))
        {
            if (name.Means(cursor.Json, "type"u8) && cursor.Peek() == JsonKind.String)
            {
                cursor.ReadString(out var type);
                isPlain = type.Means(cursor.Json, "text"u8);
            }
            else
            {
                cursor.SkipValue();
            }
        }

        return isPlain;
    }

    private static FieldSpot Skip(ref JsonCursor cursor)
    {
        var isNull = cursor.Peek() == JsonKind.Null;
        var start = cursor.Position;
        cursor.SkipValue();
        return new FieldSpot(start, cursor.Position - start, isNull);
    }

    private static long? Number(ReadOnlySpan<byte> json, FieldSpot spot) =>
        Utf8Parser.TryParse(json.Slice(spot.Start, spot.Length), out long number, out var read) && read == spot.Length
            ? number
            : null;
}
