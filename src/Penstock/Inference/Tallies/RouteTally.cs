using Penstock.Routing;

namespace Penstock.Inference.Tallies;

/// <summary>The tallies of a model on a kind of engine: all of its requests find theirs from here without a search.</summary>
internal sealed class RouteTally(string model, string backend, ModelTally ofModel)
{
    private readonly EndingTally?[] _endings = new EndingTally?[Enum.GetValues<InferenceEnding>().Length];

    public ModelTally OfModel { get; } = ofModel;

    /// <summary>Null before the first request that ended so.</summary>
    public EndingTally? Find(InferenceEnding ending) => _endings[(int)ending];

    public bool IsOf(Deployment deployment) => deployment.Model == model && deployment.Backend == backend;

    /// <summary>Its table's only: one thread at a time.</summary>
    public EndingTally Add(InferenceEnding ending) =>
        _endings[(int)ending] = new EndingTally(model, backend, EndingFacts.Of(ending).Label);
}
