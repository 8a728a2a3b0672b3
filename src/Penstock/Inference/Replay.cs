using System.Buffers;
using Penstock.Forwarding;
using Penstock.Idempotency;

namespace Penstock.Inference;

/// <summary>Gives a caller what another request generates, or has generated.</summary>
internal sealed class Replay(TimeProvider time)
{
    public static InferenceRefusal Unavailable() =>
        new(
            InferenceEnding.ReplayUnavailable,
            "The answer under this 'Idempotency-Key' was generated and is not kept: it was too large, or had to make room. "
                + "Send the request with another key to have it generated, and billed, again."
        )
        {
            AttemptsSpent = true,
        };

    public async ValueTask<ReplayOutcome> RunAsync(HttpContext context, InferenceRecord record, Playback playback)
    {
        try
        {
            var state = await TellAsync(context, record, playback);
            return state switch
            {
                RecordingState.Whole => Answered(context, record, playback),
                RecordingState.Failed => new(SharedFailure.ToRefusal(playback.Failure!)),
                RecordingState.Unkept => new(Unavailable()),
                RecordingState.Withdrawn when context.Response.HasStarted => new(Cut()),
                RecordingState.Withdrawn => ReplayOutcome.Orphaned,
                // It was still open: nobody is there to listen.
                _ => new(EngineRefusals.Of(UpstreamFailure.ClientGone)),
            };
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return new(EngineRefusals.Of(UpstreamFailure.ClientGone));
        }
    }

    private async ValueTask<RecordingState> TellAsync(HttpContext context, InferenceRecord record, Playback playback)
    {
        var gone = context.RequestAborted;
        // Whoever cannot be told of a failure afterwards is told nothing before the end.
        if (!record.Stream && await playback.EndAsync(gone) is var end and not RecordingState.Whole)
        {
            return end;
        }

        var response = context.Response;
        while (true)
        {
            var state = await playback.ReadAsync(gone);
            if (state != RecordingState.Open)
            {
                return state;
            }

            if (record.FirstByte == 0)
            {
                record.FirstByte = time.GetTimestamp();
                AnswerHeaders.WriteReplay(response, playback);
            }

            response.BodyWriter.Write(playback.Payload.Span);
            if ((await response.BodyWriter.FlushAsync(CancellationToken.None)).IsCompleted)
            {
                return RecordingState.Open;
            }
        }
    }

    private static ReplayOutcome Answered(HttpContext context, InferenceRecord record, Playback playback)
    {
        if (record.FirstByte == 0)
        {
            AnswerHeaders.WriteReplay(context.Response, playback);
        }

        record.Ending = InferenceEnding.Replayed;
        record.ReplayedFrom = playback.Head!.RequestId;
        return new(Refusal: null);
    }

    private static InferenceRefusal Cut() =>
        new(InferenceEnding.StreamCut, "The request that this one shares its answer with was broken off.");
}

/// <summary>What became of a request that shares the answer of another.</summary>
/// <param name="Refusal">What its caller is told; null: they have the answer.</param>
/// <param name="IsOrphaned">Nobody generates any more, and its caller has been told nothing.</param>
internal readonly record struct ReplayOutcome(InferenceRefusal? Refusal, bool IsOrphaned = false)
{
    public static ReplayOutcome Orphaned => new(null, IsOrphaned: true);
}
