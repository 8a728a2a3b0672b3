using System.Buffers;
using System.Runtime.CompilerServices;
using Penstock.Engines;
using Penstock.Envelopes;
using Penstock.Forwarding;
using Penstock.Primitives;
using Penstock.Relaying;

namespace Penstock.Inference;

/// <summary>The way back of one call. The commit point is the first byte written to the caller.</summary>
internal sealed class Answer(
    HttpContext context,
    InferenceRecord record,
    ChatRequest request,
    UpstreamCall call,
    RelayOptions options,
    TimeProvider time
)
{
    private readonly KeepAlive _keepAlive = new(
        request.Envelope.Stream ? TimeSpan.FromSeconds(options.KeepAliveSeconds) : TimeSpan.Zero,
        time
    );

    /// <summary>
    /// Waits for the engine's response head. A caller of a stream who has waited long is answered before: with the
    /// head of the contract and a comment.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReadStep> ReadHeadAsync()
    {
        while (true)
        {
            _keepAlive.Arm(call);
            var step = await call.ReadHeadAsync();
            if (step != ReadStep.Woken)
            {
                return step;
            }

            StartStream();
            if (!_keepAlive.Write(context.Response.BodyWriter))
            {
                continue;
            }

            _keepAlive.Wrote();
            await context.Response.BodyWriter.FlushAsync(CancellationToken.None);
        }
    }

    /// <summary>The status that the engine meant, where it answered 200 and told of a failure; else null.</summary>
    public int? RefusedWith { get; private set; }

    /// <summary>Relays the body of a success.</summary>
    /// <returns>Null when the caller has all of it.</returns>
    public async ValueTask<InferenceRefusal?> RelayAsync()
    {
        var wanted = request.Envelope.Stream ? MediaType.EventStream : MediaType.Json;
        if (!call.Head.Encoded && call.Head.MediaType == wanted)
        {
            return await (request.Envelope.Stream ? RelayStreamAsync() : RelayJsonAsync());
        }

        // A host that cannot start a stream any more may still say why, with the status of a success.
        var refusal = !call.Head.Encoded && call.Head.MediaType == MediaType.Json ? await ReadFailureAsync() : null;
        call.Abort(UpstreamFailure.Protocol);
        return refusal ?? Nonsense(wanted);
    }

    private async ValueTask<InferenceRefusal?> ReadFailureAsync()
    {
        using var held = await HeldAnswer.ReadAsync(call, options.HeldAnswerBytes);
        return held.Step == ReadStep.End ? FailureIn(held) : null;
    }

    private InferenceRefusal? FailureIn(HeldAnswer held)
    {
        if (EngineErrorReader.ReadInSuccess(held.Bytes.Span) is not { } error)
        {
            return null;
        }

        RefusedWith = error.Status;
        return EngineRefusals.Of(error.Status ?? StatusCodes.Status500InternalServerError, error, retryAfterSeconds: 0);
    }

    private InferenceRefusal Nonsense(MediaType wanted) =>
        new(
            InferenceEnding.EngineProtocolError,
            wanted == MediaType.EventStream
                ? "A stream was asked for and the engine answered with something else."
                : "A JSON answer was asked for and the engine answered with something else."
        )
        {
            AttemptsSpent = true,
        };

    private void StartStream()
    {
        if (context.Response.HasStarted)
        {
            return;
        }

        context.Response.StatusCode = StatusCodes.Status200OK;
        AnswerHeaders.WriteStream(context.Response);
        AnswerHeaders.WriteRoute(context.Response.Headers, record);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<InferenceRefusal?> RelayStreamAsync()
    {
        StartStream();
        var client = context.Response.BodyWriter;
        if (!call.HasBytesOfBody)
        {
            await client.FlushAsync(CancellationToken.None); // the head goes out when it comes
        }

        var tally = new StreamTally(request.Envelope.N, hideUsage: !request.Envelope.IncludeUsage);
        var relay = new StreamRelay(call, client, tally, _keepAlive, options, time);
        var result = await relay.RunAsync();
        record.Usage = result.Usage;
        record.FirstByte = result.FirstByte;
        record.Chunks = result.Chunks;
        if (result.Ending != RelayEnding.Whole)
        {
            return Refuse(result);
        }

        await context.Response.CompleteAsync();
        await call.DrainAsync();
        return null;
    }

    private InferenceRefusal Refuse(in RelayResult result)
    {
        var refusal = result.Ending switch
        {
            RelayEnding.ClientGone => EngineRefusals.Of(UpstreamFailure.ClientGone),
            RelayEnding.EngineError => EngineRefusals.OfEvent(result.Error!),
            RelayEnding.EventTooLarge => new(
                InferenceEnding.EngineProtocolError,
                "The engine sent a stream event larger than the gateway relays."
            ),
            RelayEnding.SourceFailed => call.Failure switch
            {
                UpstreamFailure.Closed => Cut(),
                UpstreamFailure.IdleTimeout or UpstreamFailure.TotalTimeout => EngineRefusals.Of(call.Failure) with
                {
                    Ending = InferenceEnding.StreamStalled,
                },
                _ => EngineRefusals.Of(call.Failure),
            },
            _ => Cut(),
        };
        // The rest of the answer is nobody's: the engine must not go on generating it.
        call.Abort(UpstreamFailure.Closed);
        return refusal;
    }

    private static InferenceRefusal Cut() =>
        new(InferenceEnding.StreamCut, "The engine ended the stream before the answer was complete.");

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<InferenceRefusal?> RelayJsonAsync()
    {
        var declared = call.Head.ContentLength;
        using var held = await HeldAnswer.ReadAsync(call, options.HeldAnswerBytes);
        if (held.Step == ReadStep.Failed)
        {
            return EngineRefusals.Of(call.Failure);
        }

        if (held.Step == ReadStep.End && FailureIn(held) is { } failure)
        {
            return failure;
        }

        var response = context.Response;
        response.StatusCode = call.Head.Status;
        response.ContentType = "application/json";
        response.ContentLength =
            held.Step == ReadStep.End ? held.Bytes.Length
            : declared >= 0 ? declared
            : null;
        AnswerHeaders.WriteRoute(response.Headers, record);
        record.FirstByte = time.GetTimestamp();
        response.BodyWriter.Write(held.Bytes.Span);
        if (held.Step == ReadStep.Data && await PassOnAsync(held) == ReadStep.Failed)
        {
            return EngineRefusals.Of(call.Failure) with { Ending = InferenceEnding.StreamCut };
        }

        record.Usage = held.ReadUsage();
        return null;
    }

    /// <summary>The rest of an answer too large to be held.</summary>
    private async ValueTask<ReadStep> PassOnAsync(HeldAnswer held)
    {
        var client = context.Response.BodyWriter;
        while (true)
        {
            var flushed = await client.FlushAsync(CancellationToken.None);
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
            client.Write(call.Payload.Span);
        }
    }
}
