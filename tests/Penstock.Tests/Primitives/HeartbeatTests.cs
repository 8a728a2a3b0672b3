using Microsoft.Extensions.Time.Testing;
using Penstock.Primitives;

namespace Penstock.Tests.Primitives;

public sealed class HeartbeatTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Members_hear_every_beat_until_they_leave()
    {
        using var heartbeat = new Heartbeat(_time);
        var members = Enumerable.Range(0, 5).Select(_ => new Member()).ToArray();
        foreach (var member in members)
        {
            heartbeat.Add(member);
        }

        _time.Advance(Heartbeat.Period);
        heartbeat.Remove(members[0]);
        heartbeat.Remove(members[4]);
        heartbeat.Remove(members[4]);
        _time.Advance(Heartbeat.Period);
        Assert.Equal([1, 2, 2, 2, 1], members.Select(member => member.Beats));
        Assert.Equal(3, heartbeat.Members().Length);
    }

    private sealed class Member : IBeating
    {
        public int Place { get; set; } = -1;

        public int Beats { get; private set; }

        public void Beat(long now) => Beats++;
    }
}
