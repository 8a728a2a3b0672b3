using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Penstock.Simulator;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Pacing;

namespace Penstock.Tests.Simulator;

/// <summary>Batched steps, prompts that compete with tokens, a cache that fills and a queue before it.</summary>
public sealed class EngineModel
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);
    private static readonly string LongText = string.Concat(
        Enumerable.Repeat("every river finds another bridge ", 150)
    );

    [Fact]
    public async Task A_prompt_seen_before_is_found_and_its_first_token_comes_sooner()
    {
        var time = new FakeTimeProvider();
        await using var simulator = new SimulatorClient(
            Modelled(time) with
            {
                StepPerPromptToken = TimeSpan.FromMilliseconds(1),
                StepTokens = 64,
            }
        );
        for (var i = 0; i < 2; i++)
        {
            await AnswerAsync(simulator, time, SimulatorClient.Body(LongText, "\"max_tokens\":4"));
        }

        var (first, second) = (simulator.Server.Generations[0], simulator.Server.Generations[1]);
        Assert.Equal(0, first.CachedTokens);
        Assert.InRange(second.CachedTokens, second.PromptTokens - 16, second.PromptTokens - 1);
        Assert.True(first.FirstTokenMicroseconds > 5 * second.FirstTokenMicroseconds);
        Assert.Equal(second.CachedTokens, simulator.Server.Counters.PrefixHits);
        Assert.Equal(first.PromptTokens * 2, simulator.Server.Counters.PrefixQueries);
    }

    [Fact]
    public async Task A_conversation_that_goes_on_is_found_and_a_salt_keeps_tenants_apart()
    {
        await using var simulator = new SimulatorClient();
        var turn =
            $$"""{"model":"demo","messages":[{"role":"system","content":"{{LongText}}"},{"role":"user","content":"a"}""";
        foreach (
            var end in (string[])
                [
                    "]}",
                    ",{\"role\":\"assistant\",\"content\":\"b\"},{\"role\":\"user\",\"content\":\"c\"}]}",
                    "],\"cache_salt\":\"tenant\"}",
                    "],\"cache_salt\":\"tenant\"}",
                ]
        )
        {
            await simulator.JsonAsync(turn + end);
        }

        var found = simulator.Server.Generations.Select(g => g.CachedTokens > 500);
        Assert.Equal([false, true, false, true], found);
    }

    [Fact]
    public async Task A_cache_switched_off_finds_nothing()
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { PrefixCache = false });
        await simulator.JsonAsync(SimulatorClient.Body(LongText));
        await simulator.JsonAsync(SimulatorClient.Body(LongText));
        Assert.Equal(0, simulator.Server.Counters.PrefixHits);
    }

    [Fact]
    public async Task A_death_empties_the_cache()
    {
        await using var simulator = new SimulatorClient();
        await simulator.JsonAsync(SimulatorClient.Body(LongText));
        await simulator.Server.DieAsync();
        await simulator.JsonAsync(SimulatorClient.Body(LongText));
        Assert.Equal(0, simulator.Server.Counters.PrefixHits);
    }

    [Fact]
    public async Task All_who_run_get_a_token_a_step()
    {
        var time = new FakeTimeProvider();
        await using var simulator = new SimulatorClient(Modelled(time));
        var answers = Enumerable
            .Range(0, 8)
            .Select(i => simulator.JsonAsync(SimulatorClient.Body($"{i}", "\"max_tokens\":20")))
            .ToArray();
        await SimulatorClient.EventuallyAsync(() => simulator.Server.Counters.Running == 8);
        await AdvanceAsync(time, Task.WhenAll(answers));

        // Eight answers of twenty tokens side by side: far fewer steps than one after the other.
        Assert.InRange(simulator.Server.Counters.Steps, 20, 40);
        Assert.Equal(160, simulator.Server.Counters.GeneratedTokens);
    }

    [Fact]
    public async Task A_long_prompt_slows_the_tokens_of_others()
    {
        var alone = await StepsTimeAsync(withPrompt: false);
        var beside = await StepsTimeAsync(withPrompt: true);
        Assert.True(beside > alone + TimeSpan.FromMilliseconds(500), $"{alone} and {beside}");
    }

    [Fact]
    public async Task A_full_cache_preempts_the_last_and_every_answer_is_whole()
    {
        var time = new FakeTimeProvider();
        await using var simulator = new SimulatorClient(
            Modelled(time) with
            {
                KvTokens = 320,
                KvIsLimit = true,
                PrefixCache = false,
            }
        );
        var answers = Enumerable
            .Range(0, 6)
            .Select(i => simulator.JsonAsync(SimulatorClient.Body($"{i}", "\"max_tokens\":100,\"ignore_eos\":true")))
            .ToArray();
        await SimulatorClient.EventuallyAsync(() => simulator.Server.Counters.Running > 3);
        var all = Task.WhenAll(answers);
        await AdvanceAsync(time, all);

        var counters = simulator.Server.Counters;
        Assert.True(counters.Preemptions > 0);
        Assert.All(await all, a => Assert.Equal(100, a["usage"]!["completion_tokens"]!.GetValue<int>()));
        Assert.Equal((600, 6, 0), (counters.GeneratedTokens, (int)counters.Completed, counters.KvUsedBlocks));
    }

    [Fact]
    public async Task Without_steps_a_full_cache_makes_requests_wait()
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { KvTokens = 160, KvIsLimit = true });
        var counters = simulator.Server.Counters;
        var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        await connection.SendAsync(
            RawConnection.Request(SimulatorClient.Body("[[sim itl=1m tokens=100]]", "\"stream\":true"))
        );
        await SimulatorClient.EventuallyAsync(() => counters.Running == 1);
        var second = simulator.JsonAsync(SimulatorClient.Body());
        await SimulatorClient.EventuallyAsync(() => counters.Waiting == 1);
        connection.Dispose();
        await second;
        Assert.Equal((1, 0), ((int)counters.Completed, counters.KvUsedBlocks));
    }

    [Theory]
    [InlineData(nameof(PriorityOrder.LowFirst), "1 1 2 3")]
    [InlineData(nameof(PriorityOrder.HighFirst), "3 2 1 1")]
    [InlineData(nameof(PriorityOrder.None), "3 1 2 1")]
    public async Task Priority_is_served_in_the_engines_own_direction(string direction, string expected)
    {
        using var wheel = new TimerWheel(new FakeTimeProvider());
        var engine = new EngineState(
            new SimulatorOptions { MaxRunning = 1 },
            new EngineHabits { Priority = Enum.Parse<PriorityOrder>(direction) },
            wheel
        );
        var running = engine.Enter(new EngineRequest(1));
        Assert.True(await engine.TakeSlotAsync(running));
        var waiting = ((double[])[3, 1, 2, 1])
            .Select(p => engine.Enter(new EngineRequest(1) { Priority = p }))
            .Select(g => (Generation: g, Slot: engine.TakeSlotAsync(g).AsTask()))
            .ToList();
        var served = new List<double>();
        while (waiting.Count > 0)
        {
            running.Complete([]);
            var next = waiting.Single(w => w.Generation.State == GenerationState.Running);
            Assert.True(await next.Slot);
            served.Add(next.Generation.Priority);
            running = next.Generation;
            waiting.Remove(next);
        }

        Assert.Equal(expected, string.Join(' ', served));
    }

    [Fact]
    public async Task A_low_number_goes_first_over_the_wire()
    {
        var time = new FakeTimeProvider();
        await using var simulator = new SimulatorClient(
            new SimulatorOptions
            {
                MaxRunning = 1,
                PriorityScheduling = true,
                Ttft = TimeSpan.FromSeconds(1),
                Time = time,
                KeepAlive = TimeSpan.Zero,
            }
        );
        var answers = new List<Task<JsonNode>>();
        foreach (var priority in (int[])[0, 3, 1, 2])
        {
            var body = SimulatorClient.Body("x", $"\"priority\":{priority},\"user\":\"{priority}\"");
            answers.Add(simulator.JsonAsync(body));
            await SimulatorClient.EventuallyAsync(() => simulator.Server.Counters.Generations == answers.Count);
        }

        await AdvanceAsync(time, Task.WhenAll(answers));
        var served = simulator.Server.Generations.OrderBy(g => g.QueueMicroseconds).Select(g => g.User);
        Assert.Equal(["0", "1", "2", "3"], served);
    }

    [Fact]
    public async Task An_abort_in_the_middle_of_a_step_frees_everything()
    {
        var time = new FakeTimeProvider();
        await using var simulator = new SimulatorClient(Modelled(time));
        var counters = simulator.Server.Counters;
        var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        await connection.SendAsync(
            RawConnection.Request(SimulatorClient.Body("x", "\"stream\":true,\"max_tokens\":1000,\"ignore_eos\":true"))
        );
        await SimulatorClient.EventuallyAsync(() => counters.Running == 1);
        while (counters.GeneratedTokens < 5)
        {
            time.Advance(Step);
            await Task.Yield();
        }

        connection.Dispose();
        await SimulatorClient.EventuallyAsync(() => counters.Aborted == 1);
        Assert.Equal((0, 0), (counters.Running, counters.KvUsedBlocks));
        var made = counters.GeneratedTokens;
        for (var i = 0; i < 10; i++)
        {
            time.Advance(Step);
        }

        Assert.Equal(made, counters.GeneratedTokens);
        Assert.Equal(made, simulator.Server.Generations[0].GeneratedTokens);
    }

    [Fact]
    public void Noise_is_the_same_for_the_same_seed_and_makes_nothing_slower_on_the_whole()
    {
        var runs = ((ulong[])[1, 1, 2]).Select(seed =>
        {
            var noise = new Noise(0.3, seed);
            return Enumerable.Range(0, 10_000).Select(_ => noise.Of(1_000)).ToArray();
        });
        var (first, again, other) = (runs.First(), runs.ElementAt(1), runs.Last());
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.InRange(first.Average(), 980, 1_020);
        Assert.InRange(first.Max(), 1_500, 5_000);
        Assert.Equal(1_000, new Noise(0, 1).Of(1_000));
    }

    private static SimulatorOptions Modelled(TimeProvider time) =>
        new()
        {
            StepBase = Step,
            Time = time,
            KeepAlive = TimeSpan.Zero,
        };

    private static async Task<TimeSpan> StepsTimeAsync(bool withPrompt)
    {
        var time = new FakeTimeProvider();
        await using var simulator = new SimulatorClient(
            Modelled(time) with
            {
                StepPerPromptToken = TimeSpan.FromMilliseconds(1),
                StepTokens = 128,
            }
        );
        var answer = simulator.JsonAsync(SimulatorClient.Body("x", "\"max_tokens\":50,\"ignore_eos\":true"));
        await SimulatorClient.EventuallyAsync(() => simulator.Server.Counters.Running == 1);
        var prompt = Task.FromResult<JsonNode>("");
        if (withPrompt)
        {
            prompt = simulator.JsonAsync(SimulatorClient.Body(LongText, "\"max_tokens\":1"));
            await SimulatorClient.EventuallyAsync(() => simulator.Server.Counters.Running == 2);
        }

        await AdvanceAsync(time, answer);
        var taken = time.GetUtcNow() - time.Start;
        await AdvanceAsync(time, prompt);
        return taken;
    }

    private static Task AnswerAsync(SimulatorClient simulator, FakeTimeProvider time, string body) =>
        AdvanceAsync(time, simulator.JsonAsync(body));

    /// <summary>Lets time pass only as fast as the server follows it.</summary>
    private static async Task AdvanceAsync(FakeTimeProvider time, Task until)
    {
        for (var i = 0; i < 100_000 && !until.IsCompleted; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
            time.Advance(Step);
        }

        await until;
    }
}
