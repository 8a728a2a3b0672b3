using Penstock.Routing;

namespace Penstock.Inference;

/// <summary>
/// The deployments that may answer, one after the other: those of the model that have a free slot now, in the table's
/// order, then its busy ones, then the fallback models' in the same way. Made as it is walked: most requests see the
/// first only.
/// </summary>
internal sealed class RouteOrder(IReadOnlyList<ModelRoute> asked, RouteTable table, Guid workspace)
{
    private IReadOnlyList<ModelRoute> _routes = asked.Count == 1 ? asked : WithRoomFirst(asked);
    private int _next;
    private int _fallback;

    /// <summary>There is no other behind the last one.</summary>
    public bool IsAtEnd => _next == _routes.Count && _fallback == asked[0].Deployment.Fallbacks.Count;

    /// <returns>Null: there is no other.</returns>
    public ModelRoute? Next()
    {
        var fallbacks = asked[0].Deployment.Fallbacks;
        while (_next == _routes.Count && _fallback < fallbacks.Count)
        {
            _routes = WithRoomFirst(table.Find(workspace, fallbacks[_fallback++]));
            _next = 0;
        }

        return _next < _routes.Count ? _routes[_next++] : null;
    }

    private static List<ModelRoute> WithRoomFirst(IReadOnlyList<ModelRoute> routes) =>
        [.. routes.OrderBy(route => !route.Admission.HasRoom())];
}
