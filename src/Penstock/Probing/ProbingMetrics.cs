using System.Diagnostics.Metrics;

namespace Penstock.Probing;

/// <summary>What asking engines outside of the traffic comes to. The labels are words of ours.</summary>
internal sealed class ProbingMetrics
{
    public const string MeterName = "Penstock.Probing";

    private readonly Counter<long> _polls;
    private readonly Counter<long> _probes;
    private readonly Counter<long> _tokens;

    public ProbingMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _polls = meter.CreateCounter<long>("penstock.polls", "{poll}", "Questions to engines outside of the traffic.");
        _probes = meter.CreateCounter<long>("penstock.probes", "{probe}", "Conformance probes ended.");
        _tokens = meter.CreateCounter<long>("penstock.probe.tokens", "{token}", "Tokens that probes had generated.");
    }

    public void Polled(PollKind kind, EngineReply reply) =>
        _polls.Add(1, new("kind", Label(kind)), new("outcome", Label(reply)));

    public void Probed(bool hasCard, int tokens)
    {
        _probes.Add(1, new KeyValuePair<string, object?>("outcome", hasCard ? "card" : "failed"));
        _tokens.Add(tokens);
    }

    private static string Label(PollKind kind) =>
        kind switch
        {
            PollKind.Health => "health",
            PollKind.Load => "load",
            PollKind.Version => "version",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of poll."),
        };

    private static string Label(EngineReply reply) =>
        reply.Kind switch
        {
            ReplyKind.Answered => reply.IsSuccess ? "ok" : "refused",
            ReplyKind.Unreachable => "unreachable",
            ReplyKind.Late => "late",
            ReplyKind.TooLarge => "too_large",
            _ => throw new ArgumentOutOfRangeException(nameof(reply), reply.Kind, "No such kind of reply."),
        };
}
