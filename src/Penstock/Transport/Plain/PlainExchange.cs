using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using Penstock.Primitives;

namespace Penstock.Transport.Plain;

/// <summary>
/// A request and its answer, as the framework's own types want to see them. One for all requests of a connection, one
/// after the other.
/// </summary>
internal sealed class PlainExchange : IHttpResponseFeature, IHttpResponseBodyFeature, IHttpRequestLifetimeFeature
{
    public const int FeatureCount = 5;

    /// <summary>So many bytes are kept together, body and all: a head alone takes as much.</summary>
    private const int LongestTogether = 1024;

    private readonly PlainContext _context;
    private readonly PlainRequestHeaders _headers;
    private readonly PlainBody _body;
    private readonly PlainAnswer _answer;
    private readonly CancellationTokenSource _gone = new();
    private PooledBytes _bytes;

    public PlainExchange(PlainRoute route, PlainHead head, PlainBody body, PlainAnswer answer)
    {
        (Head, _body, _answer) = (head, body, answer);
        _headers = new PlainRequestHeaders(head);
        _context = new PlainContext(this, new PlainRequest(route, _headers, body), answer);
    }

    public HttpContext Context => _context;

    /// <summary>Cancelled when the caller leaves.</summary>
    public CancellationToken Gone => _gone.Token;

    public PlainHead Head { get; }

    /// <param name="bytes">The head that was read, and what of the body came with it.</param>
    /// <param name="close">The connection ends with this exchange.</param>
    public void Begin(ReadOnlySpan<byte> bytes, bool close)
    {
        _context.ForgetWhatWasAdded();
        if (bytes.Length <= LongestTogether)
        {
            _bytes.Append(bytes);
            _body.Begin(Head.ContentLength, _bytes.Memory, Head.Length);
        }
        else
        {
            _bytes.Append(bytes[..Head.Length]);
            _body.Begin(Head.ContentLength, bytes[Head.Length..]);
        }

        _headers.Use(_bytes.Memory);
        _answer.Begin(close);
    }

    /// <summary>The caller has left.</summary>
    /// <remarks>Told on the thread pool: whoever listens may do more than an event loop should wait for.</remarks>
    public void CallerLeft() => _ = _gone.CancelAsync();

    /// <summary>The connection ends with this answer; if its head is not out yet, the caller is told.</summary>
    public void BeLast() => _answer.Close = true;

    /// <summary>Breaks the connection off.</summary>
    public void Break()
    {
        _answer.Abort();
        CallerLeft();
    }

    /// <summary>Called now and then: a caller who is too slow is not waited for.</summary>
    /// <returns>Whether a reader of the body is to be told.</returns>
    public bool Beat(long now)
    {
        if (_answer.IsTakenTooSlowly(now))
        {
            Break();
        }

        if (!_body.Beat(now))
        {
            return false;
        }

        BeLast();
        return true;
    }

    /// <summary>Sends what is left of the answer and reads what is left of the request.</summary>
    /// <returns>Whether another request may follow.</returns>
    public ValueTask<bool> EndAsync()
    {
        if (_gone.IsCancellationRequested && !_answer.IsComplete)
        {
            // Whoever answered has stopped midway: a caller who only sends no more must not take it for the whole.
            _answer.Abort();
        }

        var sent = _answer.EndAsync();
        return sent.IsCompletedSuccessfully && _body.Left == 0
            ? new ValueTask<bool>(MayGoOn())
            : SendAndDrainAsync(sent);
    }

    private async ValueTask<bool> SendAndDrainAsync(ValueTask<FlushResult> sent)
    {
        await sent;
        if (_answer.IsWhole && !_body.IsLate)
        {
            // Closed with bytes unread, a socket sends a reset, which may overtake the answer.
            await _body.DrainAsync();
        }

        return MayGoOn();
    }

    private bool MayGoOn()
    {
        Release();
        return _answer is { IsWhole: true, Close: false };
    }

    /// <summary>Gives back whatever is still held.</summary>
    public void Release()
    {
        _answer.Release();
        _body.Complete();
        _headers.Use(default);
        _bytes.Dispose();
    }

    CancellationToken IHttpRequestLifetimeFeature.RequestAborted
    {
        get => Gone;
        set => throw new NotSupportedException("A caller is gone when the connection says so.");
    }

    void IHttpRequestLifetimeFeature.Abort() => Break();

    int IHttpResponseFeature.StatusCode
    {
        get => _answer.Status;
        set => _answer.Status = value;
    }

    string? IHttpResponseFeature.ReasonPhrase
    {
        get => null;
        set => throw new NotSupportedException("The phrase goes with the status.");
    }

    IHeaderDictionary IHttpResponseFeature.Headers
    {
        get => _answer.Headers;
        set => throw new NotSupportedException("The headers of an answer are written one by one.");
    }

    Stream IHttpResponseFeature.Body
    {
        get => _answer.AsStream(leaveOpen: true);
        set => throw NobodyBetween();
    }

    bool IHttpResponseFeature.HasStarted => _answer.HasStarted;

    void IHttpResponseFeature.OnStarting(Func<object, Task> callback, object state) => throw NobodyBetween();

    void IHttpResponseFeature.OnCompleted(Func<object, Task> callback, object state) => throw NobodyBetween();

    Stream IHttpResponseBodyFeature.Stream => _answer.AsStream(leaveOpen: true);

    PipeWriter IHttpResponseBodyFeature.Writer => _answer;

    void IHttpResponseBodyFeature.DisableBuffering() { }

    async Task IHttpResponseBodyFeature.StartAsync(CancellationToken cancellationToken) =>
        await _answer.FlushAsync(cancellationToken);

    Task IHttpResponseBodyFeature.CompleteAsync()
    {
        var sent = _answer.EndAsync();
        return sent.IsCompletedSuccessfully ? Task.CompletedTask : sent.AsTask();
    }

    Task IHttpResponseBodyFeature.SendFileAsync(
        string path,
        long offset,
        long? count,
        CancellationToken cancellationToken
    ) => SendFileFallback.SendFileAsync(_answer.AsStream(leaveOpen: true), path, offset, count, cancellationToken);

    private static NotSupportedException NobodyBetween() =>
        new("No middleware stands between the plain route and its caller.");
}
