using Penstock.Routing.Policies;

namespace Penstock.Routing;

/// <summary>How a deployment deals with its replicas.</summary>
internal sealed record DeploymentRouting
{
    /// <summary>How a replica is chosen: chats repeat their beginnings, so a warm cache is worth most.</summary>
    public RoutingPolicy Policy { get; init; } = RoutingPolicy.Prefix;

    /// <summary>Workspaces share the engine's prompt cache: what one has asked may be timed by another.</summary>
    public bool ShareCache { get; init; }

    /// <summary>The plan's priority goes to the engine: many refuse one unless they are started for it.</summary>
    public bool EnginePriority { get; init; }

    /// <summary>What becomes of a request whose first byte is late: a second attempt is work done twice, so only on demand.</summary>
    public Hedge Hedge { get; init; }
}
