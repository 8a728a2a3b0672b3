namespace Penstock.Hosting.Secrets;

/// <summary>What came of sealing a database anew.</summary>
/// <param name="Resealed">Credentials that were sealed with the old key and now are with the new.</param>
/// <param name="Already">Credentials that were sealed with the new key before.</param>
/// <param name="InPlace">The file of the data folder that holds the new key now; null: it is for the operator to set.</param>
internal sealed record ResealOutcome(int Resealed, int Already, string? InPlace);
