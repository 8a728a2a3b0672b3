using Penstock.Engines;
using Penstock.Envelopes;
using Penstock.Keys;
using Penstock.Routing;

namespace Penstock.Inference;

/// <summary>The body that an engine gets: the caller's own, the deployment's changes, and what keeps tenants apart.</summary>
internal sealed class OutgoingBody(CacheSalts salts)
{
    /// <returns>The request's own, until it is asked for again.</returns>
    public SplicedBody Of(ChatRequest request, ModelRoute route, KeyGrant grant)
    {
        ref readonly var envelope = ref request.Envelope;
        var body = request.Outgoing;
        body.Begin(request.Body);
        route.Rules.Apply(envelope, body);
        if (SaltsCache(route))
        {
            var own = envelope.CacheSaltSpot;
            if (own.IsAbsent)
            {
                body.Insert(envelope.ClosingBrace, salts.MemberOf(grant.WorkspaceId));
            }
            else
            {
                var value = own.IsNull ? [] : request.Body.Span.Slice(own.Start, own.Length);
                body.Replace(own, salts.Mixed(grant.WorkspaceId, value));
            }
        }

        if (!envelope.HasPriority && route.Priorities is { } priorities)
        {
            body.Insert(envelope.ClosingBrace, priorities[grant.Priority]);
        }

        return body;
    }

    private static bool SaltsCache(ModelRoute route) =>
        route.Engine.TakesCacheSalt && !route.Deployment.Routing.ShareCache && !Refuses(route);

    /// <summary>A probe has seen a replica refuse the field: an old release.</summary>
    private static bool Refuses(ModelRoute route)
    {
        for (var i = 0; i < route.Replicas.Count; i++)
        {
            if (route.Replicas[i].Card?.TakesCacheSalt == Finding.No)
            {
                return true;
            }
        }
        return false;
    }
}
