using System.CommandLine;
using Penstock.Cli.Parsing;
using Penstock.Contracts;

namespace Penstock.Cli.Verbs;

/// <summary>How a deployment is used, as options of <c>create</c> and <c>set</c>, each named for the file's member.</summary>
internal sealed class DeploymentOptions(bool forCreation)
{
    public Option<IReadOnlyList<ReplicaShape>?> Replicas { get; } = ReplicaOption.Create(required: forCreation);
    public ReplicaCredentialOptions Credential { get; } = new();
    public Option<int?> TopLogprobs { get; } = Take.Count("--top-logprobs", "Highest top_logprobs");
    public Option<int?> N { get; } = Take.Count("--n", "Highest n");

    public Option<int?> MaxConcurrency { get; } = Take.Count("--max-concurrency", "Requests under way per replica");

    public Option<int?> Queue { get; } = Take.Count("--queue", "Requests that may wait for a slot");
    public Option<string?> QueueWait { get; } = Take.DurationText("--queue-wait", "Longest wait for a slot");

    public Option<string?> StartWait { get; } =
        Take.DurationText("--start-wait", "Longest wait while the replicas are starting");

    public Option<string?> OutageWait { get; } =
        Take.DurationText("--outage-wait", "How old an outage may be for requests to wait for its end");

    public Option<DefaultsShape?> Defaults { get; } = DefaultsOption.Create();
    public Option<string?> Connect { get; } = Take.DurationText("--connect-timeout", "TCP and TLS");

    public Option<string?> FirstByte { get; } =
        Take.DurationText("--first-byte-timeout", "Request sent to the answer's first byte");

    public Option<string?> Idle { get; } = Take.DurationText("--idle-timeout", "Between two reads of an answer");
    public Option<string?> Total { get; } = Take.DurationText("--total-timeout", "The whole call");
    public Option<int?> Attempts { get; } = Take.Count("--attempts", "Tries in all before the first byte is out");

    public Option<string?> Policy { get; } =
        Take.Word("--policy", "How a replica is chosen: prefix, balanced, session, weighted or round_robin", "P");

    public Option<bool?> ShareCache { get; } =
        Take.Switch("--share-cache", "Whether workspaces share the engine's prompt cache");

    public Option<bool?> EnginePriority { get; } =
        Take.Switch("--engine-priority", "Whether the plan's priority goes to the engine, started for it");

    public Option<string?> Continuity { get; } =
        Take.Word("--continuity", "Whether another replica goes on with a stream whose engine dies", "auto|off");

    public Option<string?> Hedge { get; } =
        Take.Word("--hedge", "Whether another replica gets a request too whose first byte is late", "off|auto");

    public Option<PriceShape?> Price { get; } = PriceOption.Create();

    public Option<string?> Usage { get; } =
        Take.OneOf("--usage", "How often the engine is asked what a stream has used", "auto", "final", "off");

    public Option<IReadOnlyList<string>?> Fallbacks { get; } =
        Take.Names("--fallbacks", "Other models, tried in order when no replica can answer");

    public Option<bool> NoFallbacks { get; } = Take.Flag("--no-fallbacks", "Takes all fallbacks away");

    public Option[] All =>
        [
            Replicas,
            .. Credential.All,
            TopLogprobs,
            N,
            MaxConcurrency,
            Queue,
            QueueWait,
            StartWait,
            OutageWait,
            Defaults,
            Connect,
            FirstByte,
            Idle,
            Total,
            Attempts,
            Policy,
            ShareCache,
            EnginePriority,
            Continuity,
            Hedge,
            Price,
            Usage,
            Fallbacks,
            .. forCreation ? Array.Empty<Option>() : [NoFallbacks],
        ];

    public void AddTo(Command command)
    {
        foreach (var option in All)
        {
            command.Add(option);
        }

        Rules.AtMostOne(command, Credential.All);
        if (!forCreation)
        {
            Rules.AtMostOne(command, Fallbacks, NoFallbacks);
            Credential.NeedReplicas(command, Replicas);
        }
    }

    public IReadOnlyList<ReplicaShape>? ReplicasOf(VerbCall call) =>
        call.Get(Replicas)?.Select(replica => Credential.On(replica, call)).ToList();

    public LimitsShape? LimitsOf(VerbCall call)
    {
        var limits = new LimitsShape
        {
            TopLogprobs = call.Get(TopLogprobs),
            N = call.Get(N),
            MaxConcurrency = call.Get(MaxConcurrency),
            Queue = call.Get(Queue),
            QueueWait = call.Get(QueueWait),
            StartWait = call.Get(StartWait),
            OutageWait = call.Get(OutageWait),
        };
        return limits == new LimitsShape() ? null : limits;
    }

    public TimeoutsShape? TimeoutsOf(VerbCall call)
    {
        var timeouts = new TimeoutsShape
        {
            Connect = call.Get(Connect),
            FirstByte = call.Get(FirstByte),
            Idle = call.Get(Idle),
            Total = call.Get(Total),
        };
        return timeouts == new TimeoutsShape() ? null : timeouts;
    }

    public RetryShape? RetryOf(VerbCall call) =>
        call.Get(Attempts) is { } attempts ? new RetryShape { Attempts = attempts } : null;

    public IReadOnlyList<string>? FallbacksOf(VerbCall call) => call.Get(NoFallbacks) ? [] : call.Get(Fallbacks);
}
