namespace Penstock.Hosting.Doctor;

/// <summary>What one replica showed.</summary>
/// <param name="Problem">Why it cannot be called; null: it is well.</param>
/// <param name="Advice">What to do about that.</param>
/// <param name="Models">The ids it lists; null: it does not list them.</param>
internal sealed record ReplicaSight(string? Problem, string? Advice, IReadOnlyList<string>? Models);
