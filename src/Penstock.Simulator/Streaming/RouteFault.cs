using Penstock.Simulator.Dialects;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Faults;
using Penstock.Simulator.Http;

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

        if (
            (directives.Silent || directives.Ttft > TimeSpan.Zero)
            && !await ClientWait.ForAsync(engine.Wheel, exchange, directives.Silent ? null : directives.Ttft)
        )
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
}
