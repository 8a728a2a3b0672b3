using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Runpod;

/// <summary>An endpoint's health: its jobs, and its one worker, by what it is doing.</summary>
internal static class RunpodHealth
{
    public static HttpReply Answer(EngineState engine)
    {
        var c = engine.Counters;
        var isBusy = c.Running > 0;
        var idle = engine.IsReady && !isBusy ? 1 : 0;
        var running = engine.IsReady && isBusy ? 1 : 0;
        var initializing = engine.IsReady ? 0 : 1;
        return HttpReply.JsonText(
            $$$"""{"jobs":{"completed":{{{c.Completed}}},"failed":{{{c.Faulted}}},"inProgress":{{{c.Running}}},"inQueue":{{{c.Waiting}}},"retried":0},"workers":{"idle":{{{idle}}},"initializing":{{{initializing}}},"ready":{{{idle}}},"running":{{{running}}},"throttled":0,"unhealthy":0}}"""
        );
    }
}
