using System.Globalization;
using System.Text;
using Penstock.Primitives;

namespace Penstock.Envelopes;

/// <summary>
/// The body of a request that asks an engine to go on where another has stopped: what was said stands at the end as
/// the assistant's own beginning, and the tokens it took are taken off. A lease; borrows what was said.
/// </summary>
internal sealed class ContinuedBody : IDisposable
{
    private static readonly byte[] True = "true"u8.ToArray();
    private static readonly byte[] False = "false"u8.ToArray();
    private static readonly byte[] MessageStart = ",{\"role\":\"assistant\",\"content\":\""u8.ToArray();
    private static readonly byte[] MessageEnd = "\"}"u8.ToArray();
    private static readonly byte[] BothFlags =
        ",\"continue_final_message\":true,\"add_generation_prompt\":false"u8.ToArray();
    private static readonly byte[] ContinueFlag = ",\"continue_final_message\":true"u8.ToArray();
    private static readonly byte[] PromptFlag = ",\"add_generation_prompt\":false"u8.ToArray();

    private PooledBytes _original;

    private ContinuedBody() { }

    /// <summary>What another engine needs to know; judge it before <see cref="GoOn"/>.</summary>
    public ContinuableRequest Request { get; private set; }

    /// <summary>The body to be sent.</summary>
    public SplicedBody Body { get; private set; } = new(default);

    /// <param name="original">The body as the engine would get it from the beginning.</param>
    /// <param name="said">What the caller has of the answer, spelled as in a JSON string.</param>
    public static ContinuedBody Read(SplicedBody original, ReadOnlySpan<byte> said)
    {
        var continued = new ContinuedBody();
        foreach (var piece in original)
        {
            continued._original.Append(piece.Span);
        }

        continued.Request = ContinuableRequest.Read(continued._original.Span, said);
        return continued;
    }

    /// <param name="said">What the engine is told that the assistant has said, as above; not empty.</param>
    /// <param name="tokens">Tokens of it.</param>
    public void GoOn(ReadOnlyMemory<byte> said, long tokens)
    {
        var request = Request;
        var body = new SplicedBody(_original.Memory);
        if (request.ContinuesFinalMessage)
        {
            body.Insert(request.LastAssistantTextEnd, said);
        }
        else
        {
            body.Insert(request.MessagesEnd, MessageStart);
            body.Insert(request.MessagesEnd, said);
            body.Insert(request.MessagesEnd, MessageEnd);
            SetFlags(body, request);
        }

        Reduce(body, request.MaxTokens, tokens);
        Reduce(body, request.MaxCompletionTokens, tokens);
        Body = body;
    }

    public void Dispose() => _original.Dispose();

    // A generation prompt would begin a new message: engines refuse both flags at once.
    private static void SetFlags(SplicedBody body, in ContinuableRequest request)
    {
        var (hasContinue, hasPrompt) = (!request.ContinueFinalMessage.IsAbsent, !request.AddGenerationPrompt.IsAbsent);
        if (hasContinue)
        {
            body.Replace(request.ContinueFinalMessage, True);
        }

        if (hasPrompt)
        {
            body.Replace(request.AddGenerationPrompt, False);
        }

        if (!hasContinue || !hasPrompt)
        {
            body.Insert(
                request.ClosingBrace,
                hasContinue ? PromptFlag
                    : hasPrompt ? ContinueFlag
                    : BothFlags
            );
        }
    }

    private void Reduce(SplicedBody body, FieldSpot spot, long tokens)
    {
        if (!spot.IsGiven || !long.TryParse(_original.Span.Slice(spot.Start, spot.Length), out var most))
        {
            return;
        }

        var left = Math.Max(1, most - tokens).ToString(CultureInfo.InvariantCulture);
        body.Replace(spot, Encoding.ASCII.GetBytes(left));
    }
}
