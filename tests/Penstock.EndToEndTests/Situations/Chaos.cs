using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Situations;

/// <summary>
/// A gateway in front of engines that fail by chance, with callers who leave by chance and an operator who changes
/// things. Chance is seeded; what it hits is not, as processes run beside each other.
/// </summary>
internal sealed partial class Chaos : IAsyncDisposable
{
    private const string Tenant = "acme";
    private const string Model = "m";
    private const string Deployment = "0c6ef3b4-7d6e-4f0e-9a53-3f4a3f8b7f10";
    private const int Callers = 24;
    private const int MostEngines = 4;

    /// <summary>Every way in which an engine goes wrong that does not outlive the run.</summary>
    private static readonly string[] Faults =
    [
        "p=0.1 cut=9 | p=0.1 status=503 | p=0.05 reset=4",
        "p=0.1 error-event=6 | p=0.05 status=429 retry-after=1 | p=0.1 close",
        "p=0.1 bad-json=5 | p=0.05 stall=7:30s | p=0.05 no-done",
        "p=0.1 reset-head | p=0.05 ttft=30s | p=0.1 no-finish | p=0.05 bad-chunk=3",
        "p=0.2 comment crlf | p=0.2 split=7 | p=0.1 coalesce=5 | p=0.05 status=500 error-body=html",
        "",
    ];

    private readonly Chance _chance;
    private readonly Lock _gate = new();
    private readonly ConcurrentBag<string> _answered = [];
    private readonly List<long> _memory = [];
    private int _asked;
    private int _whole;
    private int _left;

    private Chaos(int seed) => _chance = new Chance(seed);

    public IReadOnlyList<SimulatorProcess> Engines { get; private init; } = [];

    public required GatewayProcess Gateway { get; init; }

    public int Asked => _asked;

    /// <summary>Answers that came whole: a JSON document, or a stream to its sentinel.</summary>
    public int Whole => _whole;

    /// <summary>Callers who hung up.</summary>
    public int Left => _left;

    public int Deaths { get; private set; }

    /// <summary>Changes of the file.</summary>
    public int Changes { get; private set; }

    /// <summary>Replicas drained or put back.</summary>
    public int Drains { get; private set; }

    /// <summary>The callers' own ids of the requests whose head they have seen.</summary>
    public IReadOnlyCollection<string> Answered => _answered;

    public string Report =>
        $"{Asked} asked, {Whole} whole, {Left} left, {Deaths} deaths, {Changes} changes, {Drains} drains.";

    public static async Task<Chaos> StartAsync(int seed)
    {
        var engines = await Task.WhenAll(
            Enumerable
                .Range(0, MostEngines)
                .Select(_ => SimulatorProcess.StartAsync("--model", "org/m", "--tokens", "24", "--itl", "5ms"))
        );
        var gateway = await GatewayProcess.StartAsync(
            Declare(engines, engines.Length, maxConcurrency: 32),
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                // Questions outside of the traffic keep connections of their own, which are not what is counted here.
                ["PENSTOCK__Probing__HealthSeconds"] = "0",
                ["PENSTOCK__Probing__LoadSeconds"] = "0",
                // So few that they are all there after the calm beginning: what is kept on purpose is no leak.
                ["PENSTOCK__Routing__ExplainedBytes"] = "65536",
                ["PENSTOCK__Routing__ExplainedTroubleBytes"] = "65536",
            }
        );
        return new Chaos(seed) { Engines = engines, Gateway = gateway };
    }

    public ProcessSight Look() => ProcessSight.Of(Gateway.Process);

    /// <summary>The gateway's memory in the course of the run, in MiB, oldest first.</summary>
    public IReadOnlyList<long> Memory => _memory;

    public async Task<string> MetricsAsync() => (await Gateway.WithSecret(null).GetAsync("/metrics")).Expect(200).Text;

    /// <summary>The callers' own ids in the closing lines, as often as they stand there.</summary>
    public IReadOnlyList<string> ClosingLines() =>
        [
            .. Gateway
                .Output.Lines()
                .Select(line => ClientId().Match(line))
                .Where(match => match.Success)
                .Select(match => match.Groups["id"].Value),
        ];

    /// <summary>Nothing goes wrong, nobody leaves.</summary>
    public async Task CalmAsync(int requests)
    {
        foreach (var engine in Engines)
        {
            await engine.FaultsAsync("");
        }

        await Parallel.ForEachAsync(
            Enumerable.Range(0, requests),
            new ParallelOptions { MaxDegreeOfParallelism = Callers },
            async (_, _) => await AskAsync(patience: null)
        );
    }

    public async Task RunAsync(TimeSpan length)
    {
        using var over = new CancellationTokenSource(length, TimeProvider.System);
        var callers = Enumerable.Range(0, Callers).Select(_ => CallAsync(over.Token));
        await Task.WhenAll([BreakAsync(over.Token), OperateAsync(over.Token), WatchAsync(length), .. callers]);
    }

    /// <summary>Twenty looks at its memory.</summary>
    private async Task WatchAsync(TimeSpan length)
    {
        for (var i = 0; i < 20; i++)
        {
            await Task.Delay(length / 20, TimeProvider.System, CancellationToken.None);
            _memory.Add(Gateway.Process.ResidentBytes >> 20);
        }
    }

    /// <summary>Waits until what was under way has ended and idle connections are closed.</summary>
    public async Task SettleAsync()
    {
        foreach (var engine in Engines)
        {
            await Until.TrueAsync(async () => await engine.CountAsync("running") == 0, "generations to end");
            await Until.TrueAsync(async () => await engine.CountAsync("open_connections") <= 1, "connections to close");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        foreach (var engine in Engines)
        {
            await engine.DisposeAsync();
        }
    }

    private async Task CallAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            // A third of the callers have little patience.
            await AskAsync(Roll(3) == 0 ? TimeSpan.FromMilliseconds(Roll(150)) : null);
        }
    }

    private async Task AskAsync(TimeSpan? patience)
    {
        var id = $"chaos-{Interlocked.Increment(ref _asked)}";
        var stream = Roll(4) > 0;
        using var hangUp = new CancellationTokenSource(patience ?? Until.Patience * 2, TimeProvider.System);
        try
        {
            using var answer = await Gateway
                .As(Tenant)
                .OpenAsync(ChatBody.Saying($"Question {Roll(50)}", Model, stream), id, hangUp.Token);
            _answered.Add(id);
            if ((int)answer.StatusCode == 503)
            {
                // As client libraries do: who is refused does not ask again at once.
                await PauseAsync(20, hangUp.Token);
            }

            var text = await answer.Content.ReadAsStringAsync(hangUp.Token);
            if (
                stream
                    ? StreamedAnswer.Of(text) is { IsWhole: true }
                    : text.Contains("\"usage\"", StringComparison.Ordinal)
            )
            {
                Interlocked.Increment(ref _whole);
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or HttpRequestException or IOException)
        {
            Assert.True(patience is not null, $"{id} got no answer: {gone.Message}");
            Interlocked.Increment(ref _left);
        }
    }

    private async Task BreakAsync(CancellationToken over)
    {
        while (await PauseAsync(1000, over))
        {
            var engine = Engines[Roll(Engines.Count)];
            if (Roll(4) == 0)
            {
                await engine.DieAsync(Roll(2) == 0 ? "700ms" : null);
                Deaths++;
            }
            else
            {
                await engine.FaultsAsync(Faults[Roll(Faults.Length)]);
            }
        }
    }

    /// <summary>
    /// Replicas are added and taken away, limits change, through the file that the gateway watches; replicas are
    /// drained and put back through the management API.
    /// </summary>
    private async Task OperateAsync(CancellationToken over)
    {
        while (await PauseAsync(1500, over))
        {
            if (Roll(2) == 0)
            {
                await DrainAsync(Engines[Roll(MostEngines)], undo: Roll(3) > 0);
                continue;
            }

            var declaration = Declare(Engines, 1 + Roll(MostEngines), maxConcurrency: 8 + Roll(32));
            await File.WriteAllTextAsync(Gateway.ConfigFile, declaration.ToString(), CancellationToken.None);
            Changes++;
        }

        await File.WriteAllTextAsync(
            Gateway.ConfigFile,
            Declare(Engines, MostEngines, maxConcurrency: 32).ToString(),
            CancellationToken.None
        );
        foreach (var engine in Engines)
        {
            await Until.TrueAsync(() => DrainAsync(engine, undo: true), "the file to be in force");
        }
    }

    /// <returns>False: the file that is in force does not have that replica.</returns>
    private async Task<bool> DrainAsync(SimulatorProcess engine, bool undo)
    {
        var answer = await Gateway.Admin.SendAsync(
            HttpMethod.Post,
            $"deployments/{Deployment}/drain",
            new JsonObject { ["replica"] = engine.Url, ["undo"] = undo }
        );
        Assert.True(answer.Status is 200 or 400, answer.ToString());
        Drains += answer.Status == 200 ? 1 : 0;
        return answer.Status == 200;
    }

    private static Declaration Declare(IReadOnlyList<SimulatorProcess> engines, int count, int maxConcurrency) =>
        new Declaration()
            .Tenant(Tenant)
            .Deployment(
                Tenant,
                Model,
                "org/m",
                engines[0].Url,
                deployment =>
                {
                    deployment["id"] = Deployment;
                    deployment["replicas"] = new JsonArray([
                        .. engines.Take(count).Select(engine => (JsonNode)new JsonObject { ["url"] = engine.Url }),
                    ]);
                    deployment["limits"] = new JsonObject { ["max_concurrency"] = maxConcurrency, ["queue"] = 64 };
                    deployment["timeouts"] = new JsonObject { ["first_byte"] = "5s", ["idle"] = "2s" };
                }
            );

    private static async Task<bool> PauseAsync(int milliseconds, CancellationToken over)
    {
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, over);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private int Roll(int below)
    {
        lock (_gate)
        {
            return _chance.Next(below);
        }
    }

    [GeneratedRegex("client_request_id[\"=: ]+(?<id>chaos-[0-9]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ClientId();
}
