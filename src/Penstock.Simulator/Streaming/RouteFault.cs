using Penstock.Simulator.Dialects;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Faults;
using Penstock.Simulator.Http;
using Penstock.Simulator.Pacing;

namespace Penstock.Simulator.Streaming;

/// <summary>
/// What goes wrong with a request before the engine has looked at it: it waits, it is refused, nothing comes back.
/// </summary>
internal sealed class RouteFault(EngineState engine, Dialect dialect)
{
    /// <returns>False when the request was dealt with here, or its client left.</returns>
    public async ValueTask<bool> PassesAsync(Directives directives, Exchange exchange)
    {
        if (ReferenceEquals(directives, Directives.None))
        {
            return true;
        }

        var delay = directives.Silent ? TimeSpan.MaxValue : directives.Ttft ?? TimeSpan.Zero;
        if (delay > TimeSpan.Zero && !await WaitAsync(delay, exchange))
        {
            exchange.KeepAlive = false;
            return false;
        }

        if (!directives.Fails)
        {
            return true;
        }

        engine.Counters.Refusal();
        await ErrorReply.SendAsync(exchange, directives, dialect);
        return false;
    }

    private async ValueTask<bool> WaitAsync(TimeSpan time, Exchange exchange)
    {
        var wait = new WheelWait(engine.Wheel);
        exchange.WatchClient(wait.Cancel);
        try
        {
            return await wait.UntilAsync(time == TimeSpan.MaxValue ? WheelWait.Never : engine.Wheel.Now + time.Ticks);
        }
        finally
        {
            exchange.UnwatchClient();
        }
    }
}
