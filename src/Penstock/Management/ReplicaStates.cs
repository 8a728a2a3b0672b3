using Penstock.Contracts;
using Penstock.Engines;
using Penstock.Probing;
using Penstock.Routing;

namespace Penstock.Management;

/// <summary>Replicas as the management API shows them: how they are, and what they were seen to do.</summary>
internal static class ReplicaStates
{
    public static IReadOnlyList<ReplicaState> Of(ModelRoute route) =>
        [.. route.Replicas.Select(replica => Of(replica, problem: null))];

    public static IReadOnlyList<ReplicaState> Of(IReadOnlyList<(Replica Replica, ProbeOutcome Outcome)> probed) =>
        [.. probed.Select(one => Of(one.Replica, one.Outcome.Problem))];

    private static ReplicaState Of(Replica replica, string? problem)
    {
        var (report, load) = (replica.LastReport, replica.Load);
        return new ReplicaState
        {
            Url = replica.Name,
            Condition = Word(report.Condition),
            Reason = report.Reason.Length > 0 ? report.Reason : null,
            InFlight = replica.InFlight,
            Running = load.Running,
            Waiting = load.Waiting,
            CacheUsage = load.KvUsage,
            Problem = problem,
            Card = replica.Card is { } card ? Of(card) : null,
        };
    }

    private static CardShape Of(CapabilityCard card) =>
        new()
        {
            ProbedAt = card.ProbedAt,
            Engine = card.Engine,
            EngineVersion = card.EngineVersion,
            Models = card.Models,
            ContextLength = card.ContextLength,
            Findings = FindingsOf(card),
            TopLogprobs = card.TopLogprobs,
            IdleConnection = card.IdleConnection is { } idle ? Duration.Format(idle) : null,
            LargestBody = card.LargestBody,
            RefusedBody = card.RefusedBody,
            MaxConcurrency = card.MaxConcurrency,
            ErrorDialect = Word(card.ErrorDialect),
            Warnings = card.Warnings,
            Calls = card.Calls,
            GeneratedTokens = card.GeneratedTokens,
        };

    private static FindingsShape FindingsOf(CapabilityCard card) =>
        new()
        {
            UsageInStreams = Word(card.UsageInStreams),
            UsageOnEveryChunk = Word(card.UsageOnEveryChunk),
            ToolCalls = Word(card.ToolCalls),
            AutoToolChoice = Word(card.AutoToolChoice),
            Logprobs = Word(card.Logprobs),
            SeveralChoices = Word(card.SeveralChoices),
            StructuredOutput = Word(card.StructuredOutput),
            AbortFreesSlot = Word(card.AbortFreesSlot),
            ContinuesPartialMessage = Word(card.ContinuesPartialMessage),
            TakesCacheSalt = Word(card.TakesCacheSalt),
        };

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
