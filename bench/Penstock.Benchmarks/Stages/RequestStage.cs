using Penstock.Benchmarks.Gateways;
using Penstock.Envelopes;
using Penstock.Forwarding;
using Penstock.Primitives;
using Penstock.Routing;

namespace Penstock.Benchmarks.Stages;

/// <summary>Steps 3 to 6 on one body: skim, find a route, splice, write the head of the engine's request.</summary>
internal sealed class RequestStage
{
    public static readonly Guid Workspace = Guid.Parse("11111111-1111-1111-1111-111111111111");

    private readonly byte[] _body;
    private readonly byte[] _head = new byte[8 * 1024];
    private readonly RouteTable _routes;
    private readonly ModelRoute _route;
    private readonly UpstreamTarget _target = new(new Uri("http://127.0.0.1:8000"), "/v1/chat/completions", null);
    private readonly UpstreamRequest _request;
    private readonly SplicedBody _spliced;
    private RequestEnvelope _envelope;

    public RequestStage(int prompt)
    {
        _body = Bodies.Chat(prompt, stream: true);
        _routes = new RouteTable([
            .. Enumerable.Range(0, 200).Select(i => Route($"model-{i}")),
            Route(BenchFiles.Model),
        ]);
        _route = _routes.Find(Workspace, BenchFiles.Model)[0];
        Skim();
        _spliced = new SplicedBody(_body);
        Splice();
        _request = new UpstreamRequest
        {
            RequestId = Guid.NewGuid().ToString(),
            TraceParent = null,
            TraceState = null,
            Stream = true,
            Body = _spliced,
        };
    }

    public void Skim()
    {
        if (EnvelopeReader.Read(_body, out _envelope) is { } refusal)
        {
            throw new InvalidOperationException(refusal.Message);
        }
    }

    public void FindRoute()
    {
        Span<char> name = stackalloc char[RequestEnvelope.LongestModel];
        _envelope.TryCopyModel(_body, name, out var length);
        _routes.Find(Workspace, name[..length]);
    }

    public void Splice()
    {
        _spliced.Begin(_body);
        _route.Rules.Apply(_envelope, _spliced);
    }

    public void WriteHead() => _request.WriteHead(_target, _head);

    private static ModelRoute Route(string model) =>
        new(
            new Deployment
            {
                Id = Guid.NewGuid(),
                WorkspaceId = Workspace,
                Model = model,
                UpstreamModel = "org/" + model,
                Backend = "vllm",
                Replicas = [],
                CreatedAt = DateTimeOffset.UnixEpoch,
            },
            [],
            new DeploymentState(TimeProvider.System, new Chance(seed: 1))
        );
}
