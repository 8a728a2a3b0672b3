using Penstock.Routing;

namespace Penstock.Inference.Tallies;

/// <summary>
/// Every tally since the start. One that has begun stays, since a counter must not go back; a deployment that is gone is
/// not held by it, only its model's name. Safe for all threads.
/// </summary>
internal sealed class TallyTable
{
    /// <summary>The label of a request that reached no deployment.</summary>
    private const string None = "none";

    /// <summary>The label of models that came when the table was full: only years of changes come to so many.</summary>
    private const string Other = "other";

    /// <summary>What OpenTelemetry keeps apart of one instrument; what goes beyond it would count wrongly.</summary>
    private const int MostSeries = 2_000;

    /// <summary>Leaves room for every ending of <see cref="None"/> and <see cref="Other"/>.</summary>
    public const int MostEndings = MostSeries - 100;

    /// <summary>Tokens of a model are two series.</summary>
    public const int MostModels = (MostSeries / 2) - 10;

    /// <summary>A power of two, larger than most registries: the table proper is looked into when two share a slot.</summary>
    private const int Slots = 512;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Model, string Backend), RouteTally> _routes = [];
    private readonly Dictionary<string, ModelTally> _ofModel = [];
    private readonly RouteTally?[] _recent = new RouteTally?[Slots];
    private readonly RouteTally _none;
    private readonly RouteTally _other;
    private volatile EndingTally[] _endings = [];
    private volatile ModelTally[] _models = [];

    public TallyTable()
    {
        _none = new RouteTally(None, None, new ModelTally(None));
        _other = new RouteTally(Other, Other, new ModelTally(Other));
    }

    public IReadOnlyList<EndingTally> Endings => _endings;

    public IReadOnlyList<ModelTally> Models => _models;

    /// <param name="deployment">Null: the request reached none.</param>
    public RouteTally Of(Deployment? deployment)
    {
        if (deployment is null)
        {
            return _none;
        }

        ref var recent = ref _recent[deployment.Id.GetHashCode() & (Slots - 1)];
        return recent is { } known && known.IsOf(deployment) ? known : recent = Find(deployment);
    }

    public EndingTally Of(RouteTally route, InferenceEnding ending) => route.Find(ending) ?? Begin(route, ending);

    private RouteTally Find(Deployment deployment)
    {
        lock (_gate)
        {
            if (_routes.TryGetValue((deployment.Model, deployment.Backend), out var known))
            {
                return known;
            }

            if (!_ofModel.TryGetValue(deployment.Model, out var ofModel))
            {
                if (_models.Length >= MostModels || _endings.Length >= MostEndings)
                {
                    return Overflow();
                }

                ofModel = _ofModel[deployment.Model] = new ModelTally(deployment.Model);
                _models = [.. _models, ofModel];
            }

            return _routes[(deployment.Model, deployment.Backend)] = new RouteTally(
                deployment.Model,
                deployment.Backend,
                ofModel
            );
        }
    }

    private RouteTally Overflow()
    {
        if (!_models.Contains(_other.OfModel))
        {
            _models = [.. _models, _other.OfModel];
        }

        return _other;
    }

    private EndingTally Begin(RouteTally route, InferenceEnding ending)
    {
        lock (_gate)
        {
            var whose = _endings.Length < MostEndings || route == _none ? route : _other;
            if (whose.Find(ending) is { } known)
            {
                return known;
            }

            var begun = whose.Add(ending);
            _endings = [.. _endings, begun];
            return begun;
        }
    }
}
