namespace Penstock.Probing;

/// <summary>A card as a store keeps it.</summary>
/// <param name="EngineVersion">Null: the engine does not tell.</param>
/// <param name="Json">The card; what is written here is read by every later version.</param>
internal sealed record StoredCard(
    string Url,
    string Model,
    string? EngineVersion,
    DateTimeOffset ProbedAt,
    string Json
);
