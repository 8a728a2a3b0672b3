using System.Buffers;
using System.Runtime.CompilerServices;
using Penstock.Engines;
using Penstock.Forwarding;
using Penstock.Primitives;
using Penstock.Primitives.Frames;
using Penstock.Relaying;

namespace Penstock.Inference;

/// <summary>The way back of one call. The commit point is the first byte written to the caller.</summary>
internal sealed class Answer(
    Caller caller,
    ChatRequest request,
    UpstreamCall call,
    RelayOptions options,
    Engine engine,
    TimeProvider time
)
{
    /// <summary>
    /// Does what the last look for the engine's response head wants done before the next. A caller of a stream who has
    /// waited long is answered before: with the head of the contract and a comment.
    /// </summary>
    public ValueTask BeforeNextLookAsync(ReadStep step)
    {
        switch (step)
        {
            case ReadStep.Woken:
                return CommentAsync();
            case ReadStep.End:
                return SendAgainAsync();
            default:
                caller.KeepAlive.Arm(call);
                return call.WaitAsync();
        }
    }

    private async ValueTask CommentAsync()
    {
        await caller.CommentAsync();
        // The next one is due later.
        caller.KeepAlive.Arm(call);
    }

    private async ValueTask SendAgainAsync() => await call.SendAgainAsync();

    /// <summary>Relays the body of a success.</summary>
    public ValueTask<AttemptOutcome> RelayAsync()
    {
        var wanted = request.Envelope.Stream ? MediaType.EventStream : MediaType.Json;
        return call.Head.Encoded || call.Head.MediaType != wanted ? RefuseAsync(wanted)
            : request.Envelope.Stream ? RelayStreamAsync()
            : RelayJsonAsync();
    }

    private async ValueTask<AttemptOutcome> RefuseAsync(MediaType wanted)
    {
        // A host that cannot start a stream any more may still say why, with the status of a success.
        var failure = !call.Head.Encoded && call.Head.MediaType == MediaType.Json ? await ReadFailureAsync() : null;
        call.Abort(UpstreamFailure.Protocol);
        return failure ?? new(Nonsense(wanted), Retry.Nowhere);
    }

    [AsyncMethodBuilder(typeof(FrameMethodBuilder<>))]
    private async ValueTask<AttemptOutcome?> ReadFailureAsync()
    {
        using var held = await HeldAnswer.ReadAsync(call, options.HeldAnswerBytes);
        return held.Step == ReadStep.End ? FailureIn(held) : null;
    }

    private static AttemptOutcome? FailureIn(HeldAnswer held) =>
        EngineErrorReader.ReadInSuccess(held.Bytes.Span) is { } error
            ? AttemptOutcome.Of(error.Status ?? StatusCodes.Status500InternalServerError, error)
            : null;

    private static InferenceRefusal Nonsense(MediaType wanted) =>
        new(
            InferenceEnding.EngineProtocolError,
            wanted == MediaType.EventStream
                ? "A stream was asked for and the engine answered with something else."
                : "A JSON answer was asked for and the engine answered with something else."
        )
        {
            AttemptsSpent = true,
        };

    /// <summary>The head waits for the first event: until then another replica, or another model, may answer.</summary>
    [AsyncMethodBuilder(typeof(FrameMethodBuilder<>))]
    private async ValueTask<AttemptOutcome> RelayStreamAsync()
    {
        var hideUsage = !request.Envelope.IncludeUsage;
        using var tally = new StreamTally(request.Envelope.N, hideUsage, caller.Continuation, engine.LosesPieces);
        var relay = new StreamRelay(call, caller.Writer, caller.Start, tally, caller.KeepAlive, options, time);
        var result = await relay.RunAsync();
        caller.Record.Note(result);
        caller.Record.Continuations = caller.Continuation?.Times ?? 0;
        if (result.Ending != RelayEnding.Whole)
        {
            var outcome = StreamFailure.Judge(result, call.Failure, caller);
            // The rest of the answer is nobody's: the engine must not go on generating it.
            call.Abort(UpstreamFailure.Closed);
            return outcome;
        }

        await caller.CompleteAsync();
        await call.DrainAsync();
        return AttemptOutcome.Answered;
    }

    [AsyncMethodBuilder(typeof(FrameMethodBuilder<>))]
    private async ValueTask<AttemptOutcome> RelayJsonAsync()
    {
        var declared = call.Head.ContentLength;
        using var held = await HeldAnswer.ReadAsync(call, options.HeldAnswerBytes);
        if (held.Step == ReadStep.Failed)
        {
            return AttemptOutcome.Of(call.Failure);
        }

        if (held.Step == ReadStep.End && FailureIn(held) is { } failure)
        {
            return failure;
        }

        var length =
            held.Step == ReadStep.End ? held.Bytes.Length
            : declared >= 0 ? declared
            : (long?)null;
        caller.StartJson(call.Head.Status, length);
        caller.Record.FirstByte = time.GetTimestamp();
        caller.Writer.Write(held.Bytes.Span);
        if (held.Step == ReadStep.Data && await PassOnAsync(held) == ReadStep.Failed)
        {
            return new(EngineRefusals.Of(call.Failure) with { Ending = InferenceEnding.StreamCut }, Retry.Nowhere);
        }

        caller.Record.Usage = held.ReadUsage();
        return AttemptOutcome.Answered;
    }

    /// <summary>The rest of an answer too large to be held.</summary>
    [AsyncMethodBuilder(typeof(FrameMethodBuilder<>))]
    private async ValueTask<ReadStep> PassOnAsync(HeldAnswer held)
    {
        while (true)
        {
            var flushed = await caller.Writer.FlushAsync(CancellationToken.None);
            if (flushed.IsCompleted)
            {
                call.Abort(UpstreamFailure.ClientGone);
            }

            var step = await call.ReadAsync();
            if (step is ReadStep.End or ReadStep.Failed)
            {
                return step;
            }

            if (step != ReadStep.Data)
            {
                continue;
            }

            held.Follow(call.Payload.Span);
            caller.Writer.Write(call.Payload.Span);
        }
    }
}
