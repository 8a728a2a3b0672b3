using System.Collections.Frozen;

namespace Penstock.Routing;

/// <summary>Which deployments serve which model in which workspace. Immutable, swapped whole.</summary>
internal sealed class RouteTable
{
    public static RouteTable Empty { get; } = new([]);

    private readonly FrozenDictionary<Guid, Catalog> _ofWorkspace;
    private readonly Catalog _shared;

    public RouteTable(IReadOnlyList<ModelRoute> routes)
    {
        Routes = routes;
        var shared = routes.Where(route => route.Deployment.WorkspaceId is null).ToList();
        _shared = new Catalog(shared);
        _ofWorkspace = routes
            .Where(route => route.Deployment.WorkspaceId is not null)
            .GroupBy(route => route.Deployment.WorkspaceId!.Value)
            .ToFrozenDictionary(group => group.Key, group => new Catalog([.. group, .. shared]));
    }

    public IReadOnlyList<ModelRoute> Routes { get; }

    /// <summary>The routes to a model, the workspace's own before shared ones, older before younger; empty when the workspace has no such model.</summary>
    public IReadOnlyList<ModelRoute> Find(Guid workspace, ReadOnlySpan<char> model) => Of(workspace).Find(model);

    /// <summary>The workspace's models by name, each with its oldest deployment.</summary>
    public IReadOnlyList<ModelRoute> Models(Guid workspace) => Of(workspace).Models;

    private Catalog Of(Guid workspace) => _ofWorkspace.TryGetValue(workspace, out var own) ? own : _shared;

    private sealed class Catalog
    {
        private readonly FrozenDictionary<string, ModelRoute[]> _byModel;
        private readonly FrozenDictionary<string, ModelRoute[]>.AlternateLookup<ReadOnlySpan<char>> _lookup;

        public Catalog(IReadOnlyList<ModelRoute> routes)
        {
            _byModel = routes
                .GroupBy(route => route.Deployment.Model, StringComparer.Ordinal)
                .ToFrozenDictionary(
                    group => group.Key,
                    group =>
                        group
                            .OrderBy(r => r.Deployment.WorkspaceId is null)
                            .ThenBy(r => r.Deployment.CreatedAt)
                            .ThenBy(r => r.Deployment.Id)
                            .ToArray(),
                    StringComparer.Ordinal
                );
            _lookup = _byModel.GetAlternateLookup<ReadOnlySpan<char>>();
            Models = [.. _byModel.Values.Select(r => r[0]).OrderBy(r => r.Deployment.Model, StringComparer.Ordinal)];
        }

        public ModelRoute[] Models { get; }

        public ModelRoute[] Find(ReadOnlySpan<char> model) => _lookup.TryGetValue(model, out var routes) ? routes : [];
    }
}
