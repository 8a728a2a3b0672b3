using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Penstock.Transport.Plain;

/// <summary>What a caller has sent, as the framework's types want it. Nobody changes it: the next request is it, too.</summary>
internal sealed class PlainRequest(PlainRoute route, PlainRequestHeaders headers, PlainBody body)
    : IHttpRequestFeature,
        IRequestBodyPipeFeature
{
    string IHttpRequestFeature.Protocol
    {
        get => HttpProtocol.Http11;
        set => throw ReadOnly();
    }

    string IHttpRequestFeature.Scheme
    {
        get => Uri.UriSchemeHttp;
        set => throw ReadOnly();
    }

    string IHttpRequestFeature.Method
    {
        get => HttpMethods.Post;
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

    string IHttpRequestFeature.RawTarget
    {
        get => route.Path;
        set => throw ReadOnly();
    }

    IHeaderDictionary IHttpRequestFeature.Headers
    {
        get => headers;
        set => throw ReadOnly();
    }

    Stream IHttpRequestFeature.Body
    {
        get => body.AsStream(leaveOpen: true);
        set => throw ReadOnly();
    }

    PipeReader IRequestBodyPipeFeature.Reader => body;

    private static NotSupportedException ReadOnly() => new("What a caller has sent is not changed.");
}
