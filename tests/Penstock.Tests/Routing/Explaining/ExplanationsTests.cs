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

    public ExplanationsTests() =>
        _explanations = new(new RoutingOptions { ExplainedBytes = Room, ExplainedTroubleBytes = Room }, _time);

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
        trace.Steps.Add(
            new(TraceStepKind.Candidate, TimeSpan.FromMinutes(2))
            {
                Route = new TraceRoute(Id(7), "model", RoutingPolicy.Weighted),
                Replica = "http://10.0.0.5:8000",
                Standing = (Standing)3,
                Load = 0.75f,
                Score = -12.5f,
                Status = 599,
            }
        );
        trace.End("acme", "model", "completed", 200, TimeSpan.FromSeconds(41), TimeSpan.FromMilliseconds(40_100));
        var (steps, duration) = (trace.Steps.ToList(), trace.Duration);
        _explanations.Keep(trace, troubled: true);

        var told = _explanations.Read(id, trace => trace)!;

        Assert.Equal(id, told.RequestId);
        Assert.Equal(began, told.StartedAt);
        Assert.Equal(("acme", "model", "completed", 200), (told.Workspace, told.Model, told.Ending, told.Status));
        Assert.Equal((duration, TimeSpan.FromMilliseconds(40_100)), (told.Duration, told.FirstByte));
        Assert.True(told.HasWaited);
        Assert.Equal(steps, told.Steps);
    }

    /// <summary>Every kind with every choice of members, and spans from none to a month.</summary>
    [Property(MaxTest = 300, EndSize = 60)]
    public void Whatever_was_seen_is_read_back(byte[] choices, uint seconds, ushort leftOut)
    {
        // The same memory for all runs: each asks for its own.
        var id = Guid.NewGuid();
        var kinds = Enum.GetValues<TraceStepKind>();
        var trace = _explanations.Begin(id, 0, _time.GetUtcNow());
        (trace.LeftOut, trace.HasWaited) = (leftOut, leftOut % 2 == 0);
        foreach (var (choice, i) in choices.Take(RouteTrace.MostSteps).Select((choice, i) => (choice, i)))
        {
            var kind = kinds[choice % kinds.Length];
            trace.Steps.Add(
                new(kind, TimeSpan.FromMicroseconds((double)seconds * i))
                {
                    Route = choice % 3 == 0 ? new TraceRoute(Id(choice % 5), "model", RoutingPolicy.Weighted) : null,
                    Replica = choice % 2 == 0 ? $"http://10.0.0.{choice % 7}:8000" : null,
                    Text = choice % 5 == 0 ? $"word {i % 4}" : null,
                    Status = choice % 4 == 0 ? 100 + choice : 0,
                    Standing = kind == TraceStepKind.Candidate ? (Standing)(choice % 5) : default,
                    Load = kind == TraceStepKind.Candidate ? choice / 3f : 0,
                }
            );
        }

        var whole = TimeSpan.FromMilliseconds(seconds);
        trace.End(null, "model", "completed", 504, whole, choices.Length % 2 == 0 ? whole / 1_000 * 1_000 : null);
        var seen = (trace.LeftOut, trace.HasWaited, trace.Model, trace.Status, trace.Duration, trace.FirstByte);
        var steps = trace.Steps.ToList();
        _explanations.Keep(trace, troubled: false);

        var told = _explanations.Read(id, trace => trace)!;

        Assert.Equal(seen, (told.LeftOut, told.HasWaited, told.Model, told.Status, told.Duration, told.FirstByte));
        Assert.Equal(steps, told.Steps);
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
            ring.Push(Id(i), bytes);
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

        Assert.Equal("the last", _explanations.Read(Id(-1), trace => trace.Model!));
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
        trace.Chose(fleet, new Standing[replicas], candidates, fleet[0], _time.GetTimestamp());
        trace.Attempt(fleet[0]);
        trace.Answering(fleet[0], 200);
        _time.Advance(TimeSpan.FromSeconds(1));
        trace.AttemptEnded(fleet[0], "completed", 0);
        trace.End("acme", "model", "completed", 200, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(0.2));

        var length = TraceForm.Write(trace, new TraceNames(), new byte[TraceForm.MostBytes(trace.Steps.Count)]);

        Assert.InRange(TraceRing.HeadBytes + length, 80, 150);
    }

    [Fact]
    public void Memory_is_used_again_and_holds_nothing_of_the_request_before()
    {
        for (var i = 0; i < 10; i++)
        {
            var trace = _explanations.Begin(Id(i), started: i, default);
            Assert.Empty(trace.Steps);
            Assert.False(trace.HasWaited);
            trace.Queued();
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

        Assert.Equal((RouteTrace.MostSteps, 7), (trace.Steps.Count, trace.LeftOut));
    }

    private void End(Guid id, bool troubled, string? model = null)
    {
        var trace = _explanations.Begin(id, started: 0, default);
        trace.Pause();
        trace.End("acme", model, "completed", 200, TimeSpan.FromSeconds(1), null);
        _explanations.Keep(trace, troubled);
    }

    private bool IsKnown(Guid id) => _explanations.Read(id, trace => trace.Ending) is not null;

    private static Guid Id(int number) => new(number, 0, 0, new byte[8]);
}
