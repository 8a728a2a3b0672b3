using System.Text;
using Microsoft.Extensions.Primitives;
using Penstock.Idempotency;
using Penstock.Routing;

namespace Penstock.Inference;

/// <summary>
/// Requests under one <c>Idempotency-Key</c>: the first generates, and is billed; the others, while it is at it or
/// afterwards, get what it gets.
/// </summary>
internal sealed class Twins(IIdempotencyStore store, Generation generation, Replay replay)
{
    private static readonly byte[] Domain = Encoding.ASCII.GetBytes("POST /v1/chat/completions");

    public async ValueTask<InferenceRefusal?> RunAsync(
        HttpContext context,
        InferenceRecord record,
        ChatRequest request,
        IReadOnlyList<ModelRoute> routes,
        StringValues header
    )
    {
        if (IdempotencyHeader.Refuse(header) is { } unfit)
        {
            return unfit;
        }

        record.Asked = routes[0];
        var key = IdempotencyKey.Of(record.Grant!.WorkspaceId, header.ToString());
        // The endpoint and the body decide the answer: the caller's other headers only say how it gets there.
        var body = Fingerprint.Of(Domain, request.Body.Span);
        while (true)
        {
            var claim = await store.ClaimAsync(key, body, context.RequestAborted);
            switch (claim.Outcome)
            {
                case ClaimOutcome.Owned:
                    return await GenerateAsync(context, record, request, routes, claim.Recording!);
                case ClaimOutcome.OtherBody:
                    return OtherBody();
                case ClaimOutcome.Unavailable:
                    return Replay.Unavailable();
            }

            using var playback = claim.Playback!;
            var outcome = await replay.RunAsync(context, record, playback);
            if (!outcome.IsOrphaned)
            {
                return outcome.Refusal;
            }
            // Nothing has been shown: of all who waited, the one who asks first is now the first.
        }
    }

    private async ValueTask<InferenceRefusal?> GenerateAsync(
        HttpContext context,
        InferenceRecord record,
        ChatRequest request,
        IReadOnlyList<ModelRoute> routes,
        Recording recording
    )
    {
        using var lease = recording;
        var writer = new RecordedWriter(context.Response.BodyWriter, recording, context.RequestAborted);
        await using var leaving = context.RequestAborted.UnsafeRegister(
            static writer => ((RecordedWriter)writer!).FirstLeaves(),
            writer
        );
        var refusal = await generation.RunAsync(context, record, request, routes, writer);
        if (refusal is null)
        {
            await writer.FlushAsync(CancellationToken.None);
            writer.End();
            await store.KeepAsync(recording);
        }
        else if (SharedFailure.Concerns(refusal))
        {
            recording.Fail(SharedFailure.Of(refusal));
        }
        else
        {
            recording.Withdraw();
        }

        await writer.FinishAsync();
        return refusal ?? LossOf(context, writer);
    }

    /// <summary>What the first caller is told when the others have the answer and they have not.</summary>
    private static InferenceRefusal? LossOf(HttpContext context, RecordedWriter writer) =>
        !writer.HasLostFirst ? null
        : context.RequestAborted.IsCancellationRequested
            ? new(InferenceEnding.ClientGone, "The caller hung up; the answer went to its twins.")
        : Replay.Unavailable();

    private static InferenceRefusal OtherBody() =>
        new(
            InferenceEnding.IdempotencyConflict,
            $"This '{IdempotencyHeader.Name}' stands for another request: the body is not the same, byte for byte. "
                + "Send another key with another request."
        )
        {
            AttemptsSpent = true,
        };
}
