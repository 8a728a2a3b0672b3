using Penstock.Engines;
using Penstock.Envelopes;
using Penstock.Forwarding;
using Penstock.Relaying;
using Penstock.Routing;

namespace Penstock.Inference;

/// <summary>The request that asks a replica to go on with a stream which another has begun. A lease.</summary>
internal sealed class Resumption : IDisposable
{
    /// <summary>A queue of jobs in front of an engine may lose a piece of a stream, or send it twice.</summary>
    private const string QueuePlace = "runpod-";

    private readonly ContinuedBody? _body;

    private Resumption(UpstreamRequest request, ContinuedBody? body) => (Request, _body) = (request, body);

    public UpstreamRequest Request { get; }

    /// <param name="upstream">The request as it was at the beginning.</param>
    /// <returns>Null when the replica cannot go on with a text.</returns>
    public static Resumption? Begin(
        StreamContinuation story,
        UpstreamRequest upstream,
        Deployment deployment,
        Replica replica
    )
    {
        if (story.HasText && !Continues(deployment, replica))
        {
            return null;
        }

        story.Resume();
        if (story.Said.IsEmpty)
        {
            // Nothing that counts has been said: the answer begins anew, and the caller does not see it.
            return new Resumption(upstream, null);
        }

        var body = ContinuedBody.Read(upstream.Body, story.Said.Span);
        body.GoOn(story.Said, story.SaidTokens);
        return new Resumption(upstream.With(body.Body), body);
    }

    public void Dispose() => _body?.Dispose();

    /// <summary>What was seen of the replica counts more than what its kind can do.</summary>
    private static bool Continues(Deployment deployment, Replica replica) =>
        replica.Card?.ContinuesPartialMessage switch
        {
            Finding.Yes => true,
            Finding.No => false,
            _ => replica.Engine.ContinuesPartialMessage
                && !deployment.Backend.StartsWith(QueuePlace, StringComparison.Ordinal),
        };
}
