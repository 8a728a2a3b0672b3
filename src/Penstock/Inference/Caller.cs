using System.IO.Pipelines;
using Penstock.Envelopes;
using Penstock.Idempotency;
using Penstock.Relaying;
using Penstock.Routing;

namespace Penstock.Inference;

/// <summary>
/// The caller of one request and what they have been told so far: nothing, the head of a stream, comments, a part of
/// the answer. Outlives the attempts at replicas. A lease.
/// </summary>
internal sealed class Caller : IDisposable
{
    private readonly RelayOptions _options;
    private readonly TimeProvider _time;
    private bool _isStarted;

    private readonly RecordedWriter? _recorded;

    /// <param name="recorded">Where the answer goes if others listen to it; null: to the caller alone.</param>
    public Caller(
        HttpContext context,
        InferenceRecord record,
        RelayOptions options,
        TimeProvider time,
        RecordedWriter? recorded = null
    )
    {
        _recorded = recorded;
        (Context, Record, _options, _time) = (context, record, options, time);
        KeepAlive = new KeepAlive(TimeSpan.FromSeconds(record.Stream ? options.KeepAliveSeconds : 0), time);
    }

    public HttpContext Context { get; }

    public InferenceRecord Record { get; }

    public KeepAlive KeepAlive { get; }

    public PipeWriter Writer => _recorded ?? Context.Response.BodyWriter;

    /// <summary>Cancelled when the caller hangs up, and with them the last of those who listen.</summary>
    public CancellationToken Gone => _recorded?.Recording.Abandoned ?? Context.RequestAborted;

    /// <summary>The head of the answer is out: the status stands, and the deployment is named.</summary>
    public bool HasHead => Context.Response.HasStarted || _recorded?.Recording.Head is not null;

    /// <summary>Writes the head of a stream, once; it goes out with the first bytes behind it.</summary>
    public Action Start => StartStream;

    /// <summary>What the caller has of a stream that another engine may go on with; null: none may.</summary>
    public StreamContinuation? Continuation { get; private set; }

    /// <summary>How their stream broke in the middle, the last time; null: it did not.</summary>
    public InferenceRefusal? Broken { get; private set; }

    /// <summary>Writes the head of a JSON answer.</summary>
    public void StartJson(int status, long? length)
    {
        var response = Context.Response;
        response.StatusCode = status;
        response.ContentType = AnswerHeaders.Json;
        response.ContentLength = length;
        WriteRoute(status);
    }

    /// <summary>The stream is at its end: the caller need not wait for what is left to do.</summary>
    public Task CompleteAsync() => _recorded?.End() == false ? Task.CompletedTask : Context.Response.CompleteAsync();

    /// <summary>A route is about to answer: while the caller has nothing of a stream, it decides what becomes of it.</summary>
    public void Expect(ModelRoute route, in RequestEnvelope envelope)
    {
        if (Continuation is { IsShown: true })
        {
            return;
        }

        Dispose();
        Continuation =
            envelope is { Stream: true, N: 1 } && route.Deployment.Continuity == Continuity.Auto
                ? new StreamContinuation(envelope.MayBeContinued, _options.ContinuationBytes)
                : null;
    }

    /// <summary>The stream has broken after a part of it was shown.</summary>
    public void Breaks(InferenceRefusal refusal) => Broken = refusal;

    /// <summary>Whether a route may take up what another has left.</summary>
    public bool MayGoOnWith(ModelRoute route) =>
        Broken is not null
        && Continuation is { IsBarred: false }
        && route.Deployment.Continuity == Continuity.Auto
        && route.Deployment.UpstreamModel == Record.Route!.Deployment.UpstreamModel;

    /// <summary>
    /// What the caller is told in the end. One who has a part of a stream hears how it broke, not how the tries to go
    /// on with it fared.
    /// </summary>
    public InferenceRefusal? LastWord(InferenceRefusal? refusal) =>
        refusal is null or { Ending: InferenceEnding.ClientGone or InferenceEnding.Stopping }
            ? refusal
            : Broken ?? refusal;

    /// <summary>
    /// Waits for something else than an engine's answer, a slot or the end of a pause, and keeps the connection open
    /// with comments meanwhile. Once one is out, the route at hand is the one that has to answer.
    /// </summary>
    public ValueTask<T> WhileWaitingAsync<T>(ValueTask<T> wait)
    {
        return wait.IsCompleted || !KeepAlive.IsOn ? wait : CommentAsync(wait.AsTask());

        async ValueTask<T> CommentAsync(Task<T> task)
        {
            await CommentUntilAsync(task);
            return await task;
        }
    }

    /// <summary>As above, for a wait that brings nothing.</summary>
    public Task WhileWaitingAsync(Task wait) => wait.IsCompleted || !KeepAlive.IsOn ? wait : CommentUntilAsync(wait);

    /// <summary>Sends a comment if the silence has lasted long enough.</summary>
    public async ValueTask CommentAsync()
    {
        if (_time.GetTimestamp() < KeepAlive.DueAt)
        {
            return;
        }

        StartStream();
        if (KeepAlive.Write(Writer))
        {
            KeepAlive.Wrote();
            await Writer.FlushAsync(CancellationToken.None);
        }
    }

    public void Dispose() => Continuation?.Dispose();

    private async Task CommentUntilAsync(Task wait)
    {
        while (!wait.IsCompleted)
        {
            using var over = new CancellationTokenSource();
            var silence = Task.Delay(KeepAlive.Left, _time, over.Token);
            await Task.WhenAny(wait, silence);
            await over.CancelAsync();
            await CommentAsync();
        }

        await wait;
    }

    private void StartStream()
    {
        if (_isStarted || Context.Response.HasStarted)
        {
            return;
        }

        _isStarted = true;
        Context.Response.StatusCode = StatusCodes.Status200OK;
        AnswerHeaders.WriteStream(Context.Response);
        WriteRoute(StatusCodes.Status200OK);
    }

    private void WriteRoute(int status)
    {
        AnswerHeaders.WriteRoute(Context.Response.Headers, Record);
        _recorded?.Recording.Begin(HeadOf(Record, status));
    }

    private static AnswerHead HeadOf(InferenceRecord record, int status)
    {
        var route = record.Route!;
        return new AnswerHead(
            record.RequestId,
            status,
            record.Stream,
            route.UpstreamModelHeader,
            record.Asked!.ModelHeader,
            route.Deployment.Backend,
            route.DeploymentId
        );
    }
}
