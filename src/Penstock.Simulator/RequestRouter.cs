using Penstock.Simulator.Dialects;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Faults;
using Penstock.Simulator.Http;
using Penstock.Simulator.Inspection;
using Penstock.Simulator.Streaming;

namespace Penstock.Simulator;

/// <summary>Where a request goes: the simulator's own routes, the dialect's simple ones, or a generation.</summary>
internal sealed class RequestRouter(
    EngineState engine,
    Dialect dialect,
    StandingFaults faults,
    RequestLog log,
    InspectionRoutes inspection
) : IRequestHandler
{
    private readonly ChatHandler _chat = new(engine, dialect, faults);
    private readonly RouteFault _fault = new(engine, dialect);

    public async Task HandleAsync(HttpRequest request, Exchange exchange)
    {
        if (await inspection.AnswerAsync(request, exchange) is { } inspected)
        {
            await exchange.ReplyAsync(inspected, withBody: true);
            return;
        }

        engine.Counters.Request();
        log.Add(request);
        if (!await _fault.PassesAsync(faults.Plan.ForRoute(request), exchange))
        {
            return;
        }

        if (dialect.Route(request, engine) is not { } reply)
        {
            await _chat.HandleAsync(request, exchange);
            return;
        }

        if (reply.Status >= 400)
        {
            engine.Counters.Refusal();
        }

        await exchange.ReplyAsync(reply, withBody: request.Method is not "HEAD");
    }

    public HttpReply Failed(Exception reason) => dialect.Error(500, $"The simulator failed: {reason}");

    public HttpReply Malformed(BadRequestException reason)
    {
        engine.Counters.BadRequest();
        return dialect.Malformed(reason);
    }
}
