using System.Security.Claims;
using Microsoft.AspNetCore.Http.Features;

namespace Penstock.Transport.Plain;

/// <summary>
/// A plain request and its answer, reached without looking features up. What else a context has is the framework's, and
/// made when somebody asks for it.
/// </summary>
internal sealed class PlainContext : HttpContext
{
    private readonly PlainExchange _exchange;
    private readonly PlainRequest _request;
    private readonly PlainResponse _response;
    private DefaultHttpContext? _rest;
    private FeatureCollection _features;
    private int _revision;

    public PlainContext(PlainExchange exchange, PlainRequest request, PlainAnswer answer)
    {
        (_exchange, _request) = (exchange, request);
        _response = new PlainResponse(this, exchange, answer);
        request.Use(this);
        _features = CreateFeatures();
        _revision = _features.Revision;
    }

    public override IFeatureCollection Features => _features;

    public override HttpRequest Request => _request;

    public override HttpResponse Response => _response;

    public override CancellationToken RequestAborted
    {
        get => _exchange.Gone;
        set => throw new NotSupportedException("A caller is gone when the connection says so.");
    }

    public override ConnectionInfo Connection => Rest.Connection;

    public override WebSocketManager WebSockets => Rest.WebSockets;

    public override ClaimsPrincipal User
    {
        get => Rest.User;
        set => Rest.User = value;
    }

    public override IDictionary<object, object?> Items
    {
        get => Rest.Items;
        set => Rest.Items = value;
    }

    public override IServiceProvider RequestServices
    {
        get => Rest.RequestServices;
        set => Rest.RequestServices = value;
    }

    public override string TraceIdentifier
    {
        get => Rest.TraceIdentifier;
        set => Rest.TraceIdentifier = value;
    }

    public override ISession Session
    {
        get => Rest.Session;
        set => Rest.Session = value;
    }

    /// <summary>As the framework does it.</summary>
    public DefaultHttpContext Rest => _rest ??= new DefaultHttpContext(_features);

    public override void Abort() => _exchange.Break();

    /// <summary>What the last request had beside its features (items, a user) is not the next one's.</summary>
    public void ForgetWhatWasAdded()
    {
        if (_features.Revision == _revision)
        {
            return;
        }

        _features = CreateFeatures();
        _revision = _features.Revision;
        _rest = null;
    }

    private FeatureCollection CreateFeatures()
    {
        var features = new FeatureCollection(PlainExchange.FeatureCount);
        features.Set<IHttpRequestFeature>(_request);
        features.Set<IRequestBodyPipeFeature>(_request);
        features.Set<IHttpResponseFeature>(_exchange);
        features.Set<IHttpResponseBodyFeature>(_exchange);
        features.Set<IHttpRequestLifetimeFeature>(_exchange);
        return features;
    }
}
