using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Penstock.Transport.Plain;

/// <summary>What a caller has sent, as the framework's types want it. Nobody changes it: the next request is it, too.</summary>
internal sealed class PlainRequest(PlainRoute route, PlainRequestHeaders headers, PlainBody body)
    : HttpRequest,
        IHttpRequestFeature,
        IRequestBodyPipeFeature
{
    private PlainContext? _context;

    public override HttpContext HttpContext => Context;

    public override IHeaderDictionary Headers => headers;

    public override PipeReader BodyReader => body;

    public override long? ContentLength
    {
        get => headers.ContentLength;
        set => throw ReadOnly();
    }

    public override string? ContentType
    {
        get => headers[HeaderNames.ContentType];
        set => throw ReadOnly();
    }

    public override string Method
    {
        get => HttpMethods.Post;
        set => throw ReadOnly();
    }

    public override string Scheme
    {
        get => Uri.UriSchemeHttp;
        set => throw ReadOnly();
    }

    public override bool IsHttps
    {
        get => false;
        set => throw ReadOnly();
    }

    public override string Protocol
    {
        get => HttpProtocol.Http11;
        set => throw ReadOnly();
    }

    public override PathString PathBase
    {
        get => PathString.Empty;
        set => throw ReadOnly();
    }

    public override PathString Path
    {
        get => route.Path;
        set => throw ReadOnly();
    }

    public override QueryString QueryString
    {
        get => QueryString.Empty;
        set => throw ReadOnly();
    }

    public override HostString Host
    {
        get => Rest.Host;
        set => throw ReadOnly();
    }

    public override Stream Body
    {
        get => body.AsStream(leaveOpen: true);
        set => throw ReadOnly();
    }

    public override IQueryCollection Query
    {
        get => Rest.Query;
        set => Rest.Query = value;
    }

    public override IRequestCookieCollection Cookies
    {
        get => Rest.Cookies;
        set => Rest.Cookies = value;
    }

    public override bool HasFormContentType => Rest.HasFormContentType;

    public override IFormCollection Form
    {
        get => Rest.Form;
        set => Rest.Form = value;
    }

    public override RouteValueDictionary RouteValues
    {
        get => Rest.RouteValues;
        set => Rest.RouteValues = value;
    }

    PipeReader IRequestBodyPipeFeature.Reader => body;

    string IHttpRequestFeature.RawTarget
    {
        get => route.Path;
        set => throw ReadOnly();
    }

    string IHttpRequestFeature.PathBase
    {
        get => "";
        set => throw ReadOnly();
    }

    string IHttpRequestFeature.Path
    {
        get => route.Path;
        set => throw ReadOnly();
    }

    string IHttpRequestFeature.QueryString
    {
        get => "";
        set => throw ReadOnly();
    }

    IHeaderDictionary IHttpRequestFeature.Headers
    {
        get => headers;
        set => throw ReadOnly();
    }

    private PlainContext Context => _context ?? throw new InvalidOperationException("No context has been named yet.");

    /// <summary>As the framework does it.</summary>
    private HttpRequest Rest => Context.Rest.Request;

    /// <param name="context">Whose request this is.</param>
    public void Use(PlainContext context) => _context = context;

    public override Task<IFormCollection> ReadFormAsync(CancellationToken cancellationToken = default) =>
        Rest.ReadFormAsync(cancellationToken);

    private static NotSupportedException ReadOnly() => new("What a caller has sent is not changed.");
}
