using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Penstock.Transport.Plain;

/// <summary>The answer to a plain request, reached without looking features up.</summary>
internal sealed class PlainResponse(PlainContext context, IHttpResponseBodyFeature body, PlainAnswer answer)
    : HttpResponse
{
    public override HttpContext HttpContext => context;

    public override int StatusCode
    {
        get => answer.Status;
        set => answer.Status = value;
    }

    public override IHeaderDictionary Headers => answer.Headers;

    public override bool HasStarted => answer.HasStarted;

    public override PipeWriter BodyWriter => answer;

    public override Stream Body
    {
        get => body.Stream;
        set => throw new NotSupportedException("No middleware stands between the plain route and its caller.");
    }

    public override long? ContentLength
    {
        get => answer.Headers.ContentLength;
        set => answer.Headers.ContentLength = value;
    }

    public override string? ContentType
    {
        get => answer.Headers[HeaderNames.ContentType];
        set => answer.Headers[HeaderNames.ContentType] = value;
    }

    public override IResponseCookies Cookies => context.Rest.Response.Cookies;

    public override Task StartAsync(CancellationToken cancellationToken = default) =>
        HasStarted ? Task.CompletedTask : body.StartAsync(cancellationToken);

    public override Task CompleteAsync() => body.CompleteAsync();

    public override void OnStarting(Func<object, Task> callback, object state) =>
        context.Rest.Response.OnStarting(callback, state);

    public override void OnCompleted(Func<object, Task> callback, object state) =>
        context.Rest.Response.OnCompleted(callback, state);

    public override void Redirect(string location, bool permanent) =>
        context.Rest.Response.Redirect(location, permanent);
}
