namespace Penstock.Registry.Discovery;

/// <summary>The engines that were found, and the URLs that were named but gave no models, with the reason.</summary>
internal sealed record DiscoveryResult(
    IReadOnlyList<FoundEngine> Engines,
    IReadOnlyList<(string Url, string Problem)> Problems
);
