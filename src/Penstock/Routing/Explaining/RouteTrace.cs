using Penstock.Routing.Policies;

namespace Penstock.Routing.Explaining;

/// <summary>
/// What a request met on its way, so that an operator can be told later. Used again and again: it holds no memory of its
/// own beyond the longest way it has recorded. One thread at a time.
/// </summary>
internal sealed class RouteTrace(TimeProvider time)
{
    /// <summary>Steps that are kept: several attempts among dozens of replicas. What comes after is only counted.</summary>
    public const int MostSteps = 256;

    private long _started;

    public Guid RequestId { get; private set; }

    public DateTimeOffset StartedAt { get; set; }
    public string? Workspace { get; set; }
    public string? Model { get; set; }

    /// <summary>How the request ended, in the word of the log and the metrics.</summary>
    public string Ending { get; set; } = "";

    public int Status { get; set; }
    public TimeSpan Duration { get; set; }
    public TimeSpan? FirstByte { get; set; }

    /// <summary>It had a place in a line.</summary>
    public bool HasWaited { get; set; }

    public List<TraceStep> Steps { get; } = new(8);

    /// <summary>Steps that found no room.</summary>
    public int LeftOut { get; set; }

    /// <param name="started">Timestamp of the request's first step.</param>
    /// <param name="startedAt">The same moment by the clock on the wall.</param>
    public void Begin(Guid requestId, long started, DateTimeOffset startedAt)
    {
        (RequestId, _started, StartedAt) = (requestId, started, startedAt);
        (Workspace, Model, Ending, Status, LeftOut) = (null, null, "", 0, 0);
        (Duration, FirstByte, HasWaited) = (default, null, false);
        Steps.Clear();
    }

    public void End(string? workspace, string? model, string ending, int status, TimeSpan duration, TimeSpan? firstByte)
    {
        (Workspace, Model, Ending, Status) = (workspace, model, ending, status);
        (Duration, FirstByte) = (duration, firstByte);
    }

    public void Turn(ModelRoute route) => Add(new(TraceStepKind.Deployment, Now) { Route = route.Explained });

    public void PassedOver(ModelRoute route, string why) =>
        Add(new(TraceStepKind.PassedOver, Now) { Route = route.Explained, Text = why });

    /// <summary>No replica was open.</summary>
    /// <param name="now">Timestamp of the look at them.</param>
    public void Saw(IReadOnlyList<Replica> replicas, ReadOnlySpan<Standing> standings, long now)
    {
        var at = Since(now);
        for (var i = 0; i < standings.Length; i++)
        {
            Saw(replicas[i], standings[i], at);
        }
    }

    /// <summary>A replica was chosen among the candidates; the others stood worse.</summary>
    /// <param name="now">Timestamp of the look at them.</param>
    public void Chose(
        IReadOnlyList<Replica> replicas,
        ReadOnlySpan<Standing> standings,
        ReadOnlySpan<Candidate> candidates,
        Replica chosen,
        long now
    )
    {
        var at = Since(now);
        var best = standings[0];
        foreach (var standing in standings)
        {
            best = standing < best ? standing : best;
        }

        foreach (ref readonly var candidate in candidates)
        {
            Add(
                new(TraceStepKind.Candidate, at)
                {
                    Replica = candidate.Replica.Name,
                    Standing = best,
                    Load = (float)candidate.Load,
                    Score = (float)candidate.Score,
                }
            );
        }

        for (var i = 0; i < standings.Length; i++)
        {
            if (standings[i] != best)
            {
                Saw(replicas[i], standings[i], at);
            }
        }

        Add(new(TraceStepKind.Chosen, at) { Replica = chosen.Name });
    }

    public void Queued()
    {
        HasWaited = true;
        Add(new(TraceStepKind.Queued, Now));
    }

    public void Unqueued(string how) => Add(new(TraceStepKind.Unqueued, Now) { Text = how });

    public void Attempt(Replica replica) => Add(new(TraceStepKind.Attempt, Now) { Replica = replica.Name });

    public void Hedged(Replica replica) => Add(new(TraceStepKind.Hedged, Now) { Replica = replica.Name });

    public void Answering(Replica replica, int status) =>
        Add(new(TraceStepKind.Answering, Now) { Replica = replica.Name, Status = status });

    public void AttemptEnded(Replica replica, string how, int status) =>
        Add(
            new(TraceStepKind.AttemptEnd, Now)
            {
                Replica = replica.Name,
                Text = how,
                Status = status,
            }
        );

    public void Pause() => Add(new(TraceStepKind.Pause, Now));

    private TimeSpan Now => Since(time.GetTimestamp());

    private TimeSpan Since(long now) => time.GetElapsedTime(_started, now);

    private void Saw(Replica replica, Standing standing, TimeSpan at) =>
        Add(
            new(TraceStepKind.Candidate, at)
            {
                Replica = replica.Name,
                Standing = standing,
                Load = replica.InFlight,
            }
        );

    private void Add(in TraceStep step)
    {
        if (Steps.Count < MostSteps)
        {
            Steps.Add(step);
        }
        else
        {
            LeftOut++;
        }
    }
}
