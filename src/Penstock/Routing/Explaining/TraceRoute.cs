using Penstock.Routing.Policies;

namespace Penstock.Routing.Explaining;

/// <summary>What is told of a deployment that had its turn.</summary>
internal sealed record TraceRoute(Guid Deployment, string Model, RoutingPolicy Policy);
