namespace Penstock.Registry.Discovery;

/// <summary>An engine that answered: where, what it is, and which models it offers.</summary>
internal sealed record FoundEngine(string Url, string Backend, IReadOnlyList<string> Models);
