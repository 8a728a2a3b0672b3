using Penstock.Engines;
using Penstock.Keys;
using Penstock.Limits;
using Penstock.Observability;
using Penstock.Relaying;
using Penstock.Routing;
using Penstock.Routing.Explaining;

namespace Penstock.Inference;

/// <summary>What is known of one request: it becomes the closing log line and the metrics.</summary>
internal sealed class InferenceRecord : ILogFields
{
    /// <summary>Made by the gateway: a time-ordered UUID.</summary>
    public required Guid Id
    {
        get;
        init => (field, RequestId) = (value, value.ToString());
    }

    /// <summary>The same as text.</summary>
    public string RequestId { get; private init; } = "";

    /// <summary>The caller's own <c>X-Client-Request-Id</c>, if it was fit to be repeated.</summary>
    public required string? ClientRequestId { get; init; }

    /// <summary>Timestamp of the first step.</summary>
    public required long Started { get; init; }

    /// <summary>What it met on its way; null where nobody will ask.</summary>
    public RouteTrace? Trace { get; set; }

    public KeyGrant? Grant { get; set; }

    /// <summary>What they ask, once it has been read: a lease, which ends with the request.</summary>
    public ChatRequest? Request { get; set; }

    /// <summary>The route to the model that the caller named.</summary>
    public ModelRoute? Asked { get; set; }

    /// <summary>The route that answered, or was tried last.</summary>
    public ModelRoute? Route { get; set; }

    /// <summary>The caller asked for a stream.</summary>
    public bool Stream { get; set; }

    /// <summary>A completion that the limiter let in: it has its row in the ledger.</summary>
    public bool IsCompletion { get; set; }

    /// <summary>What was set aside for it; settled when it ends.</summary>
    public Reservation? Reservation { get; set; }

    /// <summary>Tokens that the prompt may have, as long as no engine has counted them.</summary>
    public long PromptEstimate { get; set; }

    /// <summary>The replica that answered, or was tried last.</summary>
    public Replica? Replica { get; private set; }

    /// <summary>Second attempts beside one whose first byte was late, which answered.</summary>
    public int HedgesWon { get; set; }

    /// <summary>Second attempts which did not: the first was quicker after all, or both failed.</summary>
    public int HedgesLost { get; set; }

    /// <summary>Timestamp of the first attempt, 0 when there was none.</summary>
    public long Dispatched { get; private set; }

    /// <summary>Attempts at replicas.</summary>
    public int Attempts { get; private set; }

    /// <summary>Timestamp of the answer's first byte, 0 when there was none.</summary>
    public long FirstByte { get; set; }

    public TokenUsage? Usage { get; set; }

    /// <summary>Streamed chunks with choices.</summary>
    public long Chunks { get; set; }

    /// <summary>Stream events that were no JSON and were dropped.</summary>
    public long Malformed { get; private set; }

    /// <summary>How often another engine went on with the stream.</summary>
    public int Continuations { get; set; }

    /// <summary>The request whose answer this one got; null: one of its own.</summary>
    public string? ReplayedFrom { get; set; }

    public InferenceEnding Ending { get; set; }

    /// <summary>The status that the caller saw.</summary>
    public int Status { get; set; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>From the first step to the end.</summary>
    public TimeSpan Duration { get; private set; }

    /// <summary>From the first step to the first byte of the answer's body; null when there was none.</summary>
    public TimeSpan? TimeToFirstByte { get; private set; }

    /// <summary>From the first step to the first attempt: what the gateway and its queue took; null without one.</summary>
    public TimeSpan? Queued { get; private set; }

    public override string ToString() => $"request {RequestId} {EndingFacts.Of(Ending).Label} {Status}";

    /// <summary>A replica gets the request.</summary>
    /// <param name="began">The timestamp of this moment.</param>
    public void Attempt(Replica replica, long began)
    {
        Attempts++;
        Replica = replica;
        if (Dispatched == 0)
        {
            Dispatched = began;
        }
    }

    /// <summary>Of several replicas that have the request this one answers.</summary>
    public void Answers(Replica replica) => Replica = replica;

    /// <summary>What is known of one engine's part of a stream.</summary>
    public void Note(in RelayResult result)
    {
        FirstByte = FirstByte == 0 ? result.FirstByte : FirstByte;
        Usage = result.Usage ?? Usage;
        Chunks += result.Chunks;
        Malformed += result.Malformed;
    }

    public void Finish(TimeProvider time)
    {
        At = time.GetUtcNow();
        Duration = time.GetElapsedTime(Started);
        TimeToFirstByte = FirstByte == 0 ? null : time.GetElapsedTime(Started, FirstByte);
        Queued = Dispatched == 0 ? null : time.GetElapsedTime(Started, Dispatched);
    }

    /// <summary>The fields of the closing line.</summary>
    public void Write(ref LogLine line)
    {
        line.Add(Fields.RequestId, RequestId);
        line.Add(Fields.ClientRequestId, ClientRequestId);
        if (Grant is { } grant)
        {
            line.Add(Fields.KeyId, grant.KeyId);
            line.Add(Fields.Workspace, grant.Workspace);
        }

        if (Route is { } route)
        {
            line.Add(route.Logged);
        }

        line.Add(EndingFacts.Of(Ending).Logged);
        line.Add(Fields.Status, Status);
        line.Add(Fields.ReplayedFrom, ReplayedFrom);
        line.Add(Fields.Attempts, Attempts);
        line.Add(Fields.Continuations, Continuations);
        if (Usage is { } usage)
        {
            line.Add(Fields.PromptTokens, usage.Prompt);
            line.Add(Fields.CompletionTokens, usage.Completion);
        }

        line.Add(Fields.FirstByteMs, TimeToFirstByte);
        line.Add(Fields.DurationMs, Duration);
    }

    private static class Fields
    {
        public static readonly LogField RequestId = new("request_id");
        public static readonly LogField ClientRequestId = new("client_request_id");
        public static readonly LogField KeyId = new("key_id");
        public static readonly LogField Workspace = new("workspace");
        public static readonly LogField Status = new("status");
        public static readonly LogField ReplayedFrom = new("replayed_from");
        public static readonly LogField Attempts = new("attempts");
        public static readonly LogField Continuations = new("continuations");
        public static readonly LogField PromptTokens = new("prompt_tokens");
        public static readonly LogField CompletionTokens = new("completion_tokens");
        public static readonly LogField FirstByteMs = new("first_byte_ms");
        public static readonly LogField DurationMs = new("duration_ms");
    }
}
