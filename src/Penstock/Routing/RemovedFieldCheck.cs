using Penstock.Engines;
using Penstock.Envelopes;

namespace Penstock.Routing;

/// <summary>
/// Refuses fields that a replica is known to have dropped: it would ignore them in silence, and the answer would not be
/// what was asked for. Which release a replica runs is on its capability card.
/// </summary>
internal sealed class RemovedFieldCheck(Engine engine, IReadOnlyList<Replica> replicas)
{
    private readonly ulong _names = NotedFields.Bits(engine.Fields.Removed?.Names ?? []);

    public EnvelopeRefusal? Refuse(in RequestEnvelope envelope)
    {
        var met = envelope.Noted & _names;
        if (met == 0 || engine.Fields.Removed is not { } removed)
        {
            return null;
        }

        foreach (var replica in replicas)
        {
            if (removed.AreGoneFrom(replica.Card?.EngineVersion))
            {
                var name = NotedFields.Names(met).First();
                return new EnvelopeRefusal(
                    RefusalCode.UnsupportedParameter,
                    name,
                    $"Unsupported parameter: '{name}' was removed from {engine.Name} {removed.Since}, which would ignore "
                        + $"it in silence. Use '{removed.Instead}'."
                );
            }
        }

        return null;
    }
}
