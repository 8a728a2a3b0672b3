namespace Penstock.Cli.Output;

/// <summary>What <c>--json</c> shows of a deletion.</summary>
internal sealed record Deletion(string Kind, string Id, bool Deleted);
