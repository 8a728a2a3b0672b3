using System.Collections.Concurrent;
using Penstock.Engines;

namespace Penstock.Probing;

/// <summary>The cards of all engines, in memory and in the store.</summary>
internal sealed class CardShelf(ICardStore store, TimeProvider time)
{
    /// <summary>Engines are upgraded or gone within a quarter of a year; what is not is probed once more.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    private readonly ConcurrentDictionary<(string Url, string Model), CapabilityCard> _cards = [];

    /// <summary>Takes the cards of earlier runs from the store.</summary>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        await store.DropAsync(time.GetUtcNow() - Kept, cancellation);
        foreach (var stored in await store.LoadAsync(cancellation))
        {
            if (CardJson.Read(stored.Json) is { } card)
            {
                _cards[(stored.Url, stored.Model)] = card;
            }
        }
    }

    public CapabilityCard? Find(Uri engine, string model) => _cards.GetValueOrDefault((engine.AbsoluteUri, model));

    public async Task PutAsync(Uri engine, string model, CapabilityCard card, CancellationToken cancellation)
    {
        _cards[(engine.AbsoluteUri, model)] = card;
        var stored = new StoredCard(engine.AbsoluteUri, model, card.EngineVersion, card.ProbedAt, CardJson.Write(card));
        await store.SaveAsync(stored, cancellation);
    }
}
