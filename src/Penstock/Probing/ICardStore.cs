namespace Penstock.Probing;

/// <summary>Keeps capability cards over a restart, one for each engine and model.</summary>
internal interface ICardStore
{
    Task<IReadOnlyList<StoredCard>> LoadAsync(CancellationToken cancellationToken);

    /// <summary>In place of the one that was there for this engine and model.</summary>
    Task SaveAsync(StoredCard card, CancellationToken cancellationToken);

    /// <summary>Forgets cards that were last probed before a moment.</summary>
    Task DropAsync(DateTimeOffset before, CancellationToken cancellationToken);
}
