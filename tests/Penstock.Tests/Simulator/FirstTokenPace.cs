using Penstock.Simulator;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Pacing;
using Penstock.Simulator.Streaming;

namespace Penstock.Tests.Simulator;

/// <summary>The wait for the step that brings the first token.</summary>
public sealed class FirstTokenPace
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_step_that_comes_between_two_looks_at_the_clock_is_not_missed(int look)
    {
        var time = new WatchedTime();
        using var wheel = new TimerWheel(time);
        var engine = new EngineState(
            new SimulatorOptions { Time = time, StepBase = TimeSpan.FromMilliseconds(2) },
            new EngineHabits(),
            wheel
        );
        var generation = new Generation(engine, new EngineRequest(10));
        generation.Steps.Plan([1]);
        var pace = new Pace(engine, generation, ttft: TimeSpan.Zero, itl: TimeSpan.Zero);
        time.At(
            look,
            () =>
            {
                generation.Steps.Produce();
                generation.Pace.Wake();
            }
        );

        var first = pace.FirstAsync();
        time.Look();

        Assert.True(first.IsCompleted);
        Assert.True(await first);
    }

    /// <summary>Does something when somebody looks at it for so many times.</summary>
    private sealed class WatchedTime : TimeProvider
    {
        private int _left = -1;
        private Action _act = () => { };

        public void At(int look, Action act) => (_left, _act) = (look, act);

        /// <summary>Looks until it is done.</summary>
        public void Look()
        {
            while (_left > 0)
            {
                GetTimestamp();
            }
        }

        public override long GetTimestamp()
        {
            if (_left > 0 && --_left == 0)
            {
                _act();
            }

            return 1;
        }
    }
}
