namespace Penstock.Registry.Discovery;

/// <summary>An engine's answer to <c>GET /v1/models</c>, as far as we read it.</summary>
internal sealed record ModelCards(IReadOnlyList<ModelCard?>? Data);

/// <summary>One model of the list.</summary>
internal sealed record ModelCard(string? Id, string? OwnedBy);
