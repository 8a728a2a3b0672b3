using Penstock.Engines;
using Penstock.Envelopes;
using Penstock.Observability;
using Penstock.Routing.Explaining;

namespace Penstock.Routing;

/// <summary>A deployment as the path uses it: with its replicas' state, and whatever a request needs already made.</summary>
internal sealed class ModelRoute
{
    private static readonly LogField Model = new("model");
    private static readonly LogField DeploymentField = new("deployment");

    private readonly RemovedFieldCheck _removed;

    public ModelRoute(Deployment deployment, IReadOnlyList<Replica> replicas, DeploymentState state)
    {
        (Deployment, State) = (deployment, state);
        Engine = EngineCatalog.Find(deployment.Backend);
        Replicas = replicas;
        Priorities = deployment.Routing.EnginePriority ? EnginePriorities.Of(Engine) : null;
        DeploymentId = deployment.Id.ToString();
        ModelHeader = AsHeader(deployment.Model);
        UpstreamModelHeader = AsHeader(deployment.UpstreamModel);
        Explained = new(deployment.Id, deployment.Model, deployment.Routing.Policy);
        Logged = new((Model, deployment.Model), (DeploymentField, DeploymentId));
        Rules = new EnvelopeRules(DeploymentTerms.Of(deployment, Engine));
        _removed = new RemovedFieldCheck(Engine, replicas);
    }

    public Deployment Deployment { get; }
    public Engine Engine { get; }
    public IReadOnlyList<Replica> Replicas { get; }
    public AdmissionQueue Admission => State.Admission;
    public RetryBudget Retries => State.Retries;

    /// <summary>What it remembers from request to request.</summary>
    public DeploymentState State { get; }

    /// <summary>What this deployment changes in a request.</summary>
    public EnvelopeRules Rules { get; }

    /// <summary>
    /// The plan's priority as a member of a body, by its number; null where the engine gets none.
    /// </summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? Priorities { get; }

    /// <summary>The longest context among its replicas, in tokens; null: nobody has found out.</summary>
    public int? ContextLength => Replicas.Max(replica => replica.Card?.ContextLength);

    /// <summary>What this deployment or its engine does not take, though the contract does.</summary>
    public EnvelopeRefusal? Refuse(in RequestEnvelope envelope, ReadOnlySpan<byte> body) =>
        Rules.Refuse(envelope, body) ?? _removed.Refuse(envelope);

    /// <summary>As in <c>X-Deployment-Id</c>.</summary>
    public string DeploymentId { get; }

    /// <summary>As in <c>X-Route-Model</c>.</summary>
    public string ModelHeader { get; }

    /// <summary>As the closing line of a request tells of it.</summary>
    public LogPart Logged { get; }

    /// <summary>As an explanation tells of it.</summary>
    public TraceRoute Explained { get; }

    /// <summary>As in <c>X-Model-Used</c>.</summary>
    public string UpstreamModelHeader { get; }

    /// <summary>Header values are printable ASCII; whatever else a name holds is percent-encoded.</summary>
    private static string AsHeader(string name) =>
        name.AsSpan().ContainsAnyExceptInRange('!', '~') ? Uri.EscapeDataString(name) : name;
}
