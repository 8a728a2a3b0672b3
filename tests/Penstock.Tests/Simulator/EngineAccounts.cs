using Microsoft.Extensions.Time.Testing;
using Penstock.Simulator;
using Penstock.Simulator.Answers;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Pacing;

namespace Penstock.Tests.Simulator;

/// <summary>Whatever comes, leaves, fails and dies: no slot, block or token is lost from the books.</summary>
public sealed class EngineAccounts
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 2)]
    [InlineData(3, 0)]
    [InlineData(4, 2)]
    public async Task Nothing_is_left_behind(int seed, int lagSeconds)
    {
        var time = new FakeTimeProvider();
        using var wheel = new TimerWheel(time);
        var engine = new EngineState(
            new SimulatorOptions
            {
                Time = time,
                MaxRunning = 12,
                KvTokens = 1024,
                KvIsLimit = true,
                StepBase = seed % 2 == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(10),
                StepTokens = 256,
                AbortLag = TimeSpan.FromSeconds(lagSeconds),
            },
            new EngineHabits { Priority = PriorityOrder.LowFirst },
            wheel
        );
        var dice = new Dice((ulong)seed);
        var open = new List<Generation>();
        for (var i = 0; i < 4000; i++)
        {
            if (dice.OneIn(3))
            {
                open.Add(await EnterAsync(engine, dice.Next(200), dice.Next(3)));
            }
            else if (open.Count > 0)
            {
                Disturb(open[dice.Next(open.Count)], dice.Next(8));
            }

            if (dice.OneIn(500))
            {
                engine.Crash();
            }

            time.Advance(TimeSpan.FromMilliseconds(dice.Next(30)));
            open.RemoveAll(g => g.State is not (GenerationState.Waiting or GenerationState.Running));
            Assert.InRange(engine.Counters.Running, 0, 12);
            Assert.InRange(engine.KvUsedBlocks, 0, engine.Counters.Running <= 1 ? int.MaxValue : engine.KvBlocks);
        }

        open.ForEach(g => g.Abandon());
        time.Advance(TimeSpan.FromSeconds(lagSeconds + 1));
        var counters = engine.Counters;
        Assert.Equal((0, 0, 0), (counters.Running, counters.Waiting, engine.KvUsedBlocks));
        Assert.Empty(counters.Active);
        Assert.Equal(counters.Generations, counters.Completed + counters.Aborted + counters.Faulted);
        Assert.Equal(counters.GeneratedTokens, engine.Generations.Records.Sum(r => (long)r.GeneratedTokens));
    }

    private static async Task<Generation> EnterAsync(EngineState engine, int size, int kind)
    {
        var hashes = new PromptBlocks((ulong)kind, engine.BlockSize).Add("same", size);
        var generation = engine.Enter(new EngineRequest(size + 1) { Blocks = hashes.Whole, Priority = kind });
        generation.Steps.Plan([1 + size, 1 + (size / 2)]);
        var slot = engine.TakeSlotAsync(generation);
        if (slot.IsCompleted)
        {
            await slot;
        }

        return generation;
    }

    private static void Disturb(Generation generation, int how)
    {
        switch (how)
        {
            case 0:
                generation.Abandon();
                break;
            case 1:
                generation.Complete(["stop"]);
                break;
            case 2:
                generation.Fault();
                break;
            case 3:
                generation.Crash();
                break;
            default:
                // Where no steps are modelled the answer's own task counts.
                if (!generation.IsStepped && generation.State == GenerationState.Running)
                {
                    generation.Count(2);
                }

                break;
        }
    }
}
