using FsCheck.Xunit;
using Microsoft.Extensions.Time.Testing;
using Penstock.Primitives;
using Penstock.Routing;
using Penstock.Routing.Explaining;
using Penstock.Routing.Policies;

namespace Penstock.Tests.Routing.Explaining;

public sealed class ExplanationsTests
{
    private const int Room = 64 * 1024;

    private readonly FakeTimeProvider _time = new();
    private readonly Explanations _explanations;
    private readonly Replica[] _fleet = [Line.MakeReplica(1), Line.MakeReplica(2)];
    private readonly ModelRoute _route;

    public ExplanationsTests()
    {
        var deployment = new Deployment
        {
            Id = Id(7),
            WorkspaceId = null,
            Model = "model",
            UpstreamModel = "model",
            Backend = "vllm",
            Replicas = [],
            CreatedAt = default,
        };
        _route = new ModelRoute(deployment, _fleet, new DeploymentState(_time, new Chance(1)));
        _explanations = new(new RoutingOptions { ExplainedBytes = Room, ExplainedTroubleBytes = Room }, _time);
    }

    [Fact]
    public void The_latest_are_kept_and_the_oldest_makes_room()
    {
        for (var i = 0; i < 5_000; i++)
        {
            End(Id(i), troubled: false);
        }

        var known = Enumerable.Range(0, 5_000).Where(i => IsKnown(Id(i))).ToList();
        Assert.InRange(known.Count, Room / 150, 4_999);
        Assert.Equal(Enumerable.Range(5_000 - known.Count, known.Count), known);
    }

    [Fact]
    public void A_smooth_hour_does_not_push_out_what_went_wrong()
    {
        var wrong = Guid.NewGuid();
        End(wrong, troubled: true);
        for (var i = 0; i < 5_000; i++)
        {
            End(Id(i), troubled: false);
        }

        Assert.True(IsKnown(wrong));
        Assert.False(IsKnown(Id(0)));
    }

    [Fact]
    public void What_is_told_later_is_what_was_seen()
    {
        var id = Guid.NewGuid();
        var trace = _explanations.Begin(id, _time.GetTimestamp(), _time.GetUtcNow());
        var began = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromMilliseconds(1.5));
        trace.Queued();
        _time.Advance(TimeSpan.FromSeconds(40));
        trace.Unqueued("with a slot");
        trace.End("acme", "model", "completed", 200, TimeSpan.FromSeconds(41), TimeSpan.FromMilliseconds(40_100));
        _explanations.Keep(trace, troubled: true);

        var told = _explanations.Read(id)!;

        Assert.Equal(id, told.RequestId);
        Assert.Equal(began, told.StartedAt);
        Assert.Equal(("acme", "model", "completed", 200), (told.Workspace, told.Model, told.Ending, told.Status));
        Assert.Equal(TimeSpan.FromSeconds(41), told.Duration);
        Assert.Equal(TimeSpan.FromMilliseconds(40_100), told.FirstByte);
        Assert.True(told.HasWaited);
        Assert.Equal(
            [
                new(TraceStepKind.Queued, TimeSpan.FromMilliseconds(1.5)),
                new(TraceStepKind.Unqueued, TimeSpan.FromMilliseconds(40_001.5)) { Text = "with a slot" },
            ],
            told.Steps
        );
    }

    /// <summary>Ways of every kind and length, with pauses from none to a month.</summary>
    [Property(MaxTest = 300, EndSize = 400)]
    public void Whatever_was_seen_is_read_back(byte[] choices, uint micros)
    {
        // The same memory for all runs: each asks for its own.
        var id = Guid.NewGuid();
        var pause = TimeSpan.FromMicroseconds(micros);
        var trace = _explanations.Begin(id, _time.GetTimestamp(), _time.GetUtcNow());
        var seen = new List<TraceStep>();
        foreach (var (choice, i) in choices.Select((choice, i) => (choice, i)))
        {
            _time.Advance(pause);
            seen.AddRange(See(trace, choice, pause * (i + 1)));
        }

        TimeSpan? first = choices.Length % 2 == 0 ? pause : null;
        trace.End(null, "model", "completed", 504, pause * 3, first);
        _explanations.Keep(trace, troubled: false);

        var told = _explanations.Read(id)!;

        Assert.Equal(seen.Take(RouteTrace.MostSteps), told.Steps);
        Assert.Equal(Math.Max(0, seen.Count - RouteTrace.MostSteps), told.LeftOut);
        Assert.Equal(seen.Any(step => step.Kind == TraceStepKind.Queued), told.HasWaited);
        Assert.Equal((null, "model", 504), (told.Workspace, told.Model, told.Status));
        Assert.Equal((pause * 3, first), (told.Duration, told.FirstByte));
    }

    /// <summary>Whatever sizes follow each other, what is found is whole and its own.</summary>
    [Fact]
    public void A_ring_of_traces_of_every_size_gives_back_what_it_holds()
    {
        var chance = new Chance(11);
        var ring = new TraceRing(1_000);
        var pushed = new List<(Guid Id, byte[] Bytes)>();
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[(int)(chance.NextDouble() * 400)];
            Array.Fill(bytes, (byte)(chance.NextDouble() * 256));
            pushed.Add((Id(i), bytes));
            var cut = (int)(chance.NextDouble() * bytes.Length);
            ring.Push(Id(i), bytes.AsSpan(0, cut), bytes.AsSpan(cut));
            var last = pushed.TakeLast(2 + (int)(chance.NextDouble() * 8)).ToList();
            var isFound = last.Select(entry => ring.Find(entry.Id).SequenceEqual(entry.Bytes)).ToList();
            // A younger one stays at least as long as an older one; the latest is always there.
            Assert.True(isFound[^1]);
            Assert.All(last.Zip(isFound), entry => Assert.True(entry.Second || ring.Find(entry.First.Id).IsEmpty));
        }
    }

    [Fact]
    public void When_no_further_name_finds_room_the_memory_begins_anew()
    {
        for (var i = 0; i <= TraceNames.Most; i++)
        {
            End(Id(i), troubled: false, model: $"model-{i}");
        }

        End(Id(-1), troubled: false, model: "the last");

        Assert.Equal("the last", _explanations.Read(Id(-1))!.Model);
        Assert.False(IsKnown(Id(TraceNames.Most - 10)));
    }

    /// <summary>What the setting's description promises.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void A_smooth_way_among_few_replicas_takes_100_to_150_bytes(int replicas)
    {
        var fleet = Enumerable.Range(1, replicas).Select(number => Line.MakeReplica(number)).ToArray();
        var candidates = fleet.Select(replica => new Candidate { Replica = replica }).ToArray();
        var trace = _explanations.Begin(Id(1), _time.GetTimestamp(), default);
        trace.Chose(fleet, new Standing[replicas], candidates, Standing.Available, fleet[0], _time.GetTimestamp());
        trace.Attempt(fleet[0]);
        trace.Answering(fleet[0], 200, _time.GetTimestamp());
        _time.Advance(TimeSpan.FromSeconds(1));
        trace.AttemptEnded(fleet[0], "completed", 0, _time.GetTimestamp());
        trace.End("acme", "model", "completed", 200, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(0.2));

        Assert.InRange(TraceRing.HeadBytes + trace.Head.Length + trace.Steps.Length, 80, 150);
    }

    [Fact]
    public void Memory_is_used_again_and_holds_nothing_of_the_request_before()
    {
        for (var i = 0; i < 10; i++)
        {
            var trace = _explanations.Begin(Id(i), started: i, default);
            Assert.True(trace.Steps.IsEmpty);
            Assert.False(trace.HasWaited);
            trace.Queued();
            trace.End(null, null, "queue_full", 503, TimeSpan.Zero, null);
            _explanations.Keep(trace, troubled: false);
        }

        var again = Id(10);
        Assert.Equal(0, Allocations.Of(() => End(again, troubled: false)));
    }

    [Fact]
    public void A_way_without_end_is_cut_and_counted()
    {
        var trace = _explanations.Begin(Id(0), started: 0, default);
        for (var i = 0; i < RouteTrace.MostSteps + 7; i++)
        {
            trace.Pause();
        }

        trace.End(null, null, "no_healthy_replica", 503, TimeSpan.Zero, null);
        _explanations.Keep(trace, troubled: true);

        var told = _explanations.Read(Id(0))!;
        Assert.Equal((RouteTrace.MostSteps, 7), (told.Steps.Count, told.LeftOut));
    }

    /// <summary>One thing that may be met, and the steps that are to be told of it.</summary>
    private IEnumerable<TraceStep> See(RouteTrace trace, byte choice, TimeSpan at)
    {
        var replica = _fleet[choice % _fleet.Length];
        var named = new TraceStep(TraceStepKind.Attempt, at) { Replica = replica.Name };
        var status = choice % 4 == 0 ? 100 + choice : 0;
        var words = $"word {choice % 5}";
        switch (choice % 11)
        {
            case 0:
                trace.Queued();
                return [new(TraceStepKind.Queued, at)];
            case 1:
                trace.Unqueued(words);
                return [new(TraceStepKind.Unqueued, at) { Text = words }];
            case 2:
                trace.Turn(_route);
                return [new(TraceStepKind.Deployment, at) { Route = _route.Explained }];
            case 3:
                trace.PassedOver(_route, words);
                return [new(TraceStepKind.PassedOver, at) { Route = _route.Explained, Text = words }];
            case 4:
                trace.Attempt(replica);
                return [named];
            case 5:
                trace.Hedged(replica);
                return [named with { Kind = TraceStepKind.Hedged }];
            case 6:
                trace.Answering(replica, status, _time.GetTimestamp());
                return [named with { Kind = TraceStepKind.Answering, Status = status }];
            case 7:
                trace.AttemptEnded(replica, words, status, _time.GetTimestamp());
                return [named with { Kind = TraceStepKind.AttemptEnd, Text = words, Status = status }];
            case 8:
                trace.Pause();
                return [new(TraceStepKind.Pause, at)];
            case 9:
                trace.Saw(_fleet, [Standing.Full, Standing.Drained], _time.GetTimestamp());
                return
                [
                    new(TraceStepKind.Candidate, at) { Replica = _fleet[0].Name, Standing = Standing.Full },
                    new(TraceStepKind.Candidate, at) { Replica = _fleet[1].Name, Standing = Standing.Drained },
                ];
            default:
                var candidate = new Candidate
                {
                    Replica = _fleet[1],
                    Load = choice / 4.0,
                    Score = -choice / 8.0,
                };
                trace.Chose(
                    _fleet,
                    [Standing.Full, Standing.Resting],
                    [candidate],
                    Standing.Resting,
                    _fleet[1],
                    _time.GetTimestamp()
                );
                return
                [
                    new(TraceStepKind.Candidate, at)
                    {
                        Replica = _fleet[1].Name,
                        Standing = Standing.Resting,
                        Load = (float)candidate.Load,
                        Score = (float)candidate.Score,
                    },
                    new(TraceStepKind.Candidate, at) { Replica = _fleet[0].Name, Standing = Standing.Full },
                    new(TraceStepKind.Chosen, at) { Replica = _fleet[1].Name },
                ];
        }
    }

    private void End(Guid id, bool troubled, string? model = null)
    {
        var trace = _explanations.Begin(id, started: 0, default);
        trace.Pause();
        trace.End("acme", model, "completed", 200, TimeSpan.FromSeconds(1), null);
        _explanations.Keep(trace, troubled);
    }

    private bool IsKnown(Guid id) => _explanations.Read(id) is not null;

    private static Guid Id(int number) => new(number, 0, 0, new byte[8]);
}
