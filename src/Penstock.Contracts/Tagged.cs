namespace Penstock.Contracts;

/// <summary>A resource and the version it has: hand the tag back as <c>If-Match</c> to change this version only.</summary>
public sealed record Tagged<T>(T Value, string? ETag);
