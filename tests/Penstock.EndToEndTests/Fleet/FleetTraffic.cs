using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Fleet;

/// <summary>
/// Requests of several keys at three gateways: a third JSON, a third streams to their end, a third streams that are left at a
/// random token. Meanwhile engines die, and one gateway is killed and started again.
/// </summary>
internal sealed class FleetTraffic(GatewayFleet fleet, IReadOnlyList<SimulatorProcess> engines, int requests)
{
    public const string Model = "demo";
    public const int Killed = 1;

    private const int Callers = 36;

    /// <summary>How often an engine dies: some thirty requests each time.</summary>
    private const int RequestsADeath = 400;

    public static readonly string[] Keys = ["one", "two", "three", "four"];

    private static readonly TimeProvider Clock = TimeProvider.System;

    private readonly ConcurrentBag<FleetCall> _calls = [];
    private int _started;
    private Task _restart = Task.CompletedTask;

    public IReadOnlyCollection<FleetCall> Calls => _calls;

    public int Deaths { get; private set; }

    /// <summary>Timestamp of the kill.</summary>
    public long KilledAt { get; private set; }

    /// <summary>Timestamp: from then on it answers again.</summary>
    public long StartedAgainAt { get; private set; }

    public async Task RunAsync()
    {
        await Parallel.ForEachAsync(
            Enumerable.Range(0, requests),
            new ParallelOptions { MaxDegreeOfParallelism = Callers },
            async (number, _) =>
            {
                await InterfereAsync(Interlocked.Increment(ref _started));
                _calls.Add(await CallAsync(number));
            }
        );
        await _restart;
    }

    private async Task InterfereAsync(int started)
    {
        if (started == requests / 2)
        {
            KilledAt = Clock.GetTimestamp();
            await fleet.KillAsync(Killed);
            _restart = StartAgainAsync();
        }
        else if (started % RequestsADeath == 0)
        {
            Deaths++;
            await engines[started / RequestsADeath % engines.Count].DieAsync("300ms");
        }
    }

    private async Task StartAgainAsync()
    {
        await fleet.StartAsync(Killed);
        StartedAgainAt = Clock.GetTimestamp();
    }

    private async Task<FleetCall> CallAsync(int number)
    {
        var chance = new Chance(number);
        var (gateway, at) = Pick(number);
        var client = gateway.As(Keys[number % Keys.Length]);
        var stream = number % 3 != 0;
        var body = ChatBody.Minimal(
            Model,
            $$""","user":"{{Keys[number % Keys.Length]}}","max_tokens":{{1 + chance.Next(16)}},"stream":{{(stream ? "true" : "false")}}"""
        );
        try
        {
            if (!stream)
            {
                var answer = await client.ChatAsync(body);
                var usage = answer.Status == 200 ? answer.Json["usage"]! : null;
                return Ended(answer.Header("X-Request-Id"), FleetCallEnding.Whole, usage);
            }

            using var open = await client.OpenAsync(body);
            var id = open.Header("X-Request-Id");
            var most = number % 3 == 1 ? int.MaxValue : 1 + chance.Next(12);
            var isLeft = await open.ReadUntilAsync(text => Chunks(text) >= most);
            // The first chunk has the role and no token.
            var seen = Math.Max(0, Chunks(open.Text) - 1);
            return isLeft
                ? new FleetCall(
                    at,
                    Parse(id),
                    FleetCallEnding.Left,
                    open.Text.Contains("finish_reason\":\"", StringComparison.Ordinal) ? 0 : seen,
                    Clock.GetTimestamp()
                )
                : new FleetCall(at, Parse(id), FleetCallEnding.Whole, 0, Clock.GetTimestamp());
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            Assert.True(at == Killed, $"Gateway {at} broke a connection: {gone}");
            return new FleetCall(at, null, FleetCallEnding.Broken, 0, Clock.GetTimestamp());
        }

        FleetCall Ended(string? id, FleetCallEnding ending, JsonNode? usage) =>
            new(at, Parse(id), ending, usage?["completion_tokens"]!.GetValue<long>() ?? 0, Clock.GetTimestamp());
    }

    /// <summary>As a balancer does: none that is down.</summary>
    private (GatewayProcess Gateway, int At) Pick(int number)
    {
        var at = number % fleet.Count;
        var next = (at + 1) % fleet.Count;
        return fleet.Find(at) is { } gateway ? (gateway, at) : (fleet[next], next);
    }

    private static Guid? Parse(string? id) => id is null ? null : Guid.Parse(id);

    private static int Chunks(string text) => text.Split("\"delta\"").Length - 1;
}
