using Penstock.Contracts;
using Penstock.Routing;
using Penstock.Routing.Explaining;
using Penstock.Routing.Policies;

namespace Penstock.Management;

/// <summary>A trace in the shape of the contract.</summary>
internal static class ExplainedTrace
{
    private static readonly string[] StepNames =
    [
        "deployment",
        "passed_over",
        "candidate",
        "chosen",
        "queued",
        "unqueued",
        "attempt",
        "answering",
        "attempt_end",
        "pause",
        "hedged",
    ];

    public static RequestExplanation Of(ToldTrace trace) =>
        new()
        {
            RequestId = trace.RequestId.ToString(),
            Workspace = trace.Workspace,
            Model = trace.Model,
            StartedAt = trace.StartedAt,
            Ending = trace.Ending,
            Status = trace.Status,
            DurationMs = Milliseconds(trace.Duration),
            FirstByteMs = trace.FirstByte is { } first ? Milliseconds(first) : null,
            LimitedBy = LimitedBy(trace),
            Steps = [.. trace.Steps.Select(Of)],
            LeftOut = trace.LeftOut,
        };

    private static ExplainedStep Of(TraceStep step)
    {
        var isCandidate = step.Kind == TraceStepKind.Candidate;
        return new ExplainedStep
        {
            AtMs = Milliseconds(step.At),
            Step = StepNames[(int)step.Kind],
            Deployment = step.Route?.Deployment,
            Model = step.Route?.Model,
            Policy = step.Kind == TraceStepKind.Deployment ? step.Route!.Policy.Name() : null,
            Replica = step.Replica,
            Standing = isCandidate ? step.Standing.Name() : null,
            Load = isCandidate ? Math.Round(step.Load, 2) : null,
            Score = isCandidate && step.Standing.IsOpen() ? Math.Round(step.Score, 4) : null,
            Status = step.Status > 0 ? step.Status : null,
            Text = step.Text,
        };
    }

    private static string? LimitedBy(ToldTrace trace) =>
        trace.Ending switch
        {
            "rate_limit_exceeded" => "key",
            "queue_full" => "queue",
            "engine_rate_limited" => "engine",
            _ => trace.HasWaited ? "queue" : null,
        };

    private static double Milliseconds(TimeSpan span) => Math.Round(span.TotalMilliseconds, 3);
}
