using Penstock.Keys;
using Penstock.Routing;

namespace Penstock.Registry;

/// <summary>A state made ready for the path of a request: limits resolved, credentials found.</summary>
internal sealed record PublishedRegistry(
    RegistryState State,
    IReadOnlyList<KeyGrant> Grants,
    IReadOnlyList<Deployment> Deployments
);
