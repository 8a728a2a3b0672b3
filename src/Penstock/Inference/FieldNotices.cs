using System.Collections.Concurrent;
using Penstock.Envelopes;
using Penstock.Routing;

namespace Penstock.Inference;

/// <summary>
/// Tells an operator that a deployment's requests lose a field, once for each of both: it is worth knowing, and not
/// worth a line a request.
/// </summary>
internal sealed class FieldNotices(ILogger<FieldNotices> logger)
{
    /// <summary>The fields told of, a bit each. A deployment that is gone leaves eight bytes behind.</summary>
    private readonly ConcurrentDictionary<Guid, ulong> _told = new();

    public void Tell(ModelRoute route, in RequestEnvelope envelope)
    {
        var leftOut = route.Rules.LeftOut(envelope);
        if (leftOut == 0)
        {
            return;
        }

        var deployment = route.Deployment.Id;
        var told = _told.GetOrAdd(deployment, 0UL);
        // Of several requests at once the one that adds the bits has the word.
        while ((leftOut & ~told) is var news and not 0)
        {
            if (_told.TryUpdate(deployment, told | leftOut, told))
            {
                foreach (var field in NotedFields.Names(news))
                {
                    logger.FieldLeftOut(route.DeploymentId, field, route.Engine.Name);
                }

                return;
            }

            told = _told[deployment];
        }
    }
}
