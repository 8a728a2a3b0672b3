using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using Penstock.Primitives;

namespace Penstock.Transport.Plain;

/// <summary>
/// A request and its answer, as the framework's own types want to see them. One for all requests of a connection, one
/// after the other.
/// </summary>
internal sealed class PlainExchange
    : IHttpRequestFeature,
        IHttpResponseFeature,
        IHttpResponseBodyFeature,
        IRequestBodyPipeFeature,
        IHttpRequestLifetimeFeature
{
    private const int FeatureCount = 5;

    private readonly PlainRequestHeaders _headers;
    private readonly PlainBody _body;
    private readonly PlainAnswer _answer;
    private readonly CancellationTokenSource _gone = new();
    private PooledBytes _head;

    public PlainExchange(PlainRoute route, PlainHead head, PlainBody body, PlainAnswer answer)
    {
        (Path, RawTarget, Head, _body, _answer) = (route.Path, route.Path, head, body, answer);
        _headers = new PlainRequestHeaders(head);
        RequestHeaders = _headers;
        RequestAborted = _gone.Token;
        var features = new FeatureCollection(FeatureCount);
        features.Set<IHttpRequestFeature>(this);
        features.Set<IHttpResponseFeature>(this);
        features.Set<IHttpResponseBodyFeature>(this);
        features.Set<IRequestBodyPipeFeature>(this);
        features.Set<IHttpRequestLifetimeFeature>(this);
        Context = new DefaultHttpContext(features);
    }

    public HttpContext Context { get; }

    public PlainHead Head { get; }

    /// <param name="bytes">The head that was read, and what of the body came with it.</param>
    /// <param name="close">The connection ends with this exchange.</param>
    public void Begin(ReadOnlySpan<byte> bytes, bool close)
    {
        _head.Append(bytes[..Head.Length]);
        _headers.Use(_head.Memory);
        _body.Begin(Head.ContentLength, bytes[Head.Length..]);
        _answer.Begin(close);
    }

    /// <summary>The caller has left.</summary>
    /// <remarks>Told on the thread pool: whoever listens may do more than an event loop should wait for.</remarks>
    public void Leave() =>
        ThreadPool.UnsafeQueueUserWorkItem(static gone => gone.Cancel(), _gone, preferLocal: false);

    /// <summary>Sends what is left of the answer and reads what is left of the request.</summary>
    /// <returns>Whether the caller has the whole answer.</returns>
    public async ValueTask<bool> EndAsync()
    {
        await _answer.EndAsync();
        if (_answer.IsWhole && _body.Left > 0)
        {
            await _body.DrainAsync();
        }

        Release();
        return _answer.IsWhole;
    }

    /// <summary>Gives back whatever is still held.</summary>
    public void Release()
    {
        _answer.Release();
        _body.Complete();
        _head.Dispose();
    }

    private void Break()
    {
        _answer.Abort();
        Leave();
    }

    public CancellationToken RequestAborted { get; set; }

    void IHttpRequestLifetimeFeature.Abort() => Break();

    public string Protocol { get; set; } = HttpProtocol.Http11;

    public string Scheme { get; set; } = Uri.UriSchemeHttp;

    public string Method { get; set; } = HttpMethods.Post;

    public string PathBase { get; set; } = "";

    public string Path { get; set; }

    public string QueryString { get; set; } = "";

    public string RawTarget { get; set; }

    public IHeaderDictionary RequestHeaders { get; set; }

    IHeaderDictionary IHttpRequestFeature.Headers
    {
        get => RequestHeaders;
        set => RequestHeaders = value;
    }

    Stream IHttpRequestFeature.Body { get; set; } = Stream.Null;

    PipeReader IRequestBodyPipeFeature.Reader => _body;

    int IHttpResponseFeature.StatusCode
    {
        get => _answer.Status;
        set => _answer.Status = value;
    }

    string? IHttpResponseFeature.ReasonPhrase { get; set; }

    IHeaderDictionary IHttpResponseFeature.Headers
    {
        get => _answer.Headers;
        set => throw new NotSupportedException("The headers of an answer are written one by one.");
    }

    Stream IHttpResponseFeature.Body { get; set; } = Stream.Null;

    bool IHttpResponseFeature.HasStarted => _answer.HasStarted;

    void IHttpResponseFeature.OnStarting(Func<object, Task> callback, object state) => throw NobodyBetween();

    void IHttpResponseFeature.OnCompleted(Func<object, Task> callback, object state) => throw NobodyBetween();

    Stream IHttpResponseBodyFeature.Stream => _answer.AsStream(leaveOpen: true);

    PipeWriter IHttpResponseBodyFeature.Writer => _answer;

    void IHttpResponseBodyFeature.DisableBuffering() { }

    async Task IHttpResponseBodyFeature.StartAsync(CancellationToken cancellationToken) =>
        await _answer.FlushAsync(cancellationToken);

    async Task IHttpResponseBodyFeature.CompleteAsync() => await _answer.EndAsync();

    Task IHttpResponseBodyFeature.SendFileAsync(
        string path,
        long offset,
        long? count,
        CancellationToken cancellationToken
    ) => SendFileFallback.SendFileAsync(_answer.AsStream(leaveOpen: true), path, offset, count, cancellationToken);

    private static NotSupportedException NobodyBetween() =>
        new("No middleware stands between the plain route and its caller.");
}
