using Penstock.Envelopes;
using Penstock.Keys;
using Penstock.Routing;

namespace Penstock.Inference;

/// <summary>
/// The corridor: every completion walks through these steps, in this order, and leaves with an
/// <see cref="InferenceEnding"/>.
/// <code>
///  client                                                                      engine
///    │  POST /v1/chat/completions   1 Keys        who is calling?                 │
///    ├─────────────────────────────►2 Limits      may they call at all?           │
///    │                              3 Envelopes   what do they ask?               │
///    │                              4 Routing     which deployments?              │
///    │                                Idempotency has it been answered already?   │
///    │                                Limits      may they spend that?            │
///    │                              5 Routing     which replica? take a slot      │
///    │                              6 Forwarding  send it ───────────────────────►│
///    │  data: …                     7 Relaying    hand bytes back ◄───────────────┤
///    ◄──────────────────────────────┘             commit point = first byte out   │
///    │                              8 record it, whatever the ending              │
/// </code>
/// Steps 5 to 7 repeat before the commit point, and after it only to go on with a stream that broke (see
/// <see cref="Failover"/>); step 8 is the door's (see <see cref="InferenceDoor"/>).
/// </summary>
internal sealed class InferencePipeline(
    Gatekeeper gatekeeper,
    Router router,
    Generation generation,
    Twins twins,
    InferenceOptions options
)
{
    /// <summary>Steps 1 and 2. What ends at once, as most of it does, begins no frame of its own.</summary>
    public ValueTask<InferenceRefusal?> RunAsync(HttpContext context, InferenceRecord record)
    {
        var admitting = gatekeeper.AdmitAsync(context, record);
        if (!admitting.IsCompletedSuccessfully)
        {
            return AdmittedAsync(context, record, admitting);
        }

        return admitting.Result is { } stopped ? new(stopped) : ReadAsync(context, record);
    }

    private async ValueTask<InferenceRefusal?> AdmittedAsync(
        HttpContext context,
        InferenceRecord record,
        ValueTask<InferenceRefusal?> admitting
    ) => await admitting ?? await ReadAsync(context, record);

    /// <summary>Step 3, as far as the bytes.</summary>
    private ValueTask<InferenceRefusal?> ReadAsync(HttpContext context, InferenceRecord record)
    {
        record.IsCompletion = true;
        if (!RequestFraming.IsPlain(context.Request))
        {
            return new(RequestFraming.Refuse(context.Response));
        }

        if (!IsPlainJson(context.Request))
        {
            return new(UnsupportedMediaType());
        }

        var reading = ReadBodyAsync(context);
        return reading.IsCompletedSuccessfully
            ? AnswerAsync(context, record, reading.Result)
            : ReadOnAsync(context, record, reading);
    }

    private async ValueTask<InferenceRefusal?> ReadOnAsync(
        HttpContext context,
        InferenceRecord record,
        ValueTask<RequestBody> reading
    ) => await AnswerAsync(context, record, await reading);

    /// <summary>The rest of step 3, step 4, and on the way to the engines.</summary>
    /// <param name="body">The record's from here on.</param>
    private ValueTask<InferenceRefusal?> AnswerAsync(HttpContext context, InferenceRecord record, RequestBody body)
    {
        var request = record.Request = ChatRequest.Rent(body);
        if (body.IsTooLarge)
        {
            return new(TooLarge());
        }

        if (Skim(request, record) is { } unreadable)
        {
            return new(unreadable);
        }
        // 4
        if (FindRoutes(request, record.Grant!, out var routes) is { } unknown)
        {
            return new(unknown);
        }
        // 5, 6, 7: once for all who come with the same key
        return context.Request.Headers.TryGetValue(IdempotencyHeader.Name, out var key)
            ? twins.RunAsync(context, record, request, routes, key)
            : generation.RunAsync(context, record, request, routes);
    }

    private ValueTask<RequestBody> ReadBodyAsync(HttpContext context) =>
        RequestBody.ReadAsync(
            context.Request.BodyReader,
            context.Request.ContentLength,
            options.RequestBodyBytes,
            context.RequestAborted
        );

    private static InferenceRefusal? Skim(ChatRequest request, InferenceRecord record)
    {
        if (EnvelopeReader.Read(request.Body.Span, out request.Envelope) is { } mistake)
        {
            return InferenceRefusal.Of(mistake);
        }

        record.Stream = request.Envelope.Stream;
        record.PromptEstimate = PromptEstimate.Of(request.Envelope, request.Body.Span);
        if (request.Envelope.EngineControl is not { } control || record.Grant!.EngineControls)
        {
            return null;
        }

        return new(
            InferenceEnding.InvalidRequest,
            $"'{control}' reaches into the shared engine. Leave it out, or use a key with the permission 'engine-controls'.",
            control
        )
        {
            Code = RefusalCode.UnsupportedParameter,
        };
    }

    private InferenceRefusal? FindRoutes(ChatRequest request, KeyGrant grant, out IReadOnlyList<ModelRoute> routes)
    {
        Span<char> name = stackalloc char[RequestEnvelope.LongestModel];
        routes = request.Envelope.TryCopyModel(request.Body.Span, name, out var length)
            ? router.Table.Find(grant.WorkspaceId, name[..length])
            : [];
        return ModelRefusals.Judge(grant, name[..length], routes);
    }

    /// <summary>A compressed body is refused: what the gateway has not read it cannot answer for.</summary>
    private static bool IsPlainJson(HttpRequest request)
    {
        if (request.Headers.ContentEncoding is { Count: > 0 } encoding && encoding != "identity")
        {
            return false;
        }

        var media = request.ContentType.AsSpan();
        var semicolon = media.IndexOf(';');
        return (semicolon < 0 ? media : media[..semicolon])
            .Trim()
            .Equals("application/json", StringComparison.OrdinalIgnoreCase);
    }

    private static InferenceRefusal UnsupportedMediaType() =>
        new(
            InferenceEnding.UnsupportedMediaType,
            "Send the request as 'Content-Type: application/json', not compressed."
        );

    private InferenceRefusal TooLarge() =>
        new(
            InferenceEnding.RequestTooLarge,
            $"The request body is larger than the {options.RequestBodyBytes} bytes this gateway accepts."
        );
}
