using Penstock.Simulator.Http;
using Penstock.Simulator.Inspection;

namespace Penstock.Simulator;

/// <summary>What the control port serves: the simulator's own routes, and nothing of the engine.</summary>
internal sealed class ControlHandler(InspectionRoutes inspection) : IRequestHandler
{
    public async Task HandleAsync(HttpRequest request, Exchange exchange) =>
        await exchange.ReplyAsync(
            await inspection.AnswerAsync(request, exchange) ?? Text(404, "only /sim is served here"),
            withBody: true
        );

    public HttpReply Failed(Exception reason) => Text(500, $"The simulator failed: {reason}");

    public HttpReply Malformed(BadRequestException reason) => Text(reason.Status, reason.Message);

    private static HttpReply Text(int status, string text) =>
        new(status, "text/plain; charset=utf-8", System.Text.Encoding.UTF8.GetBytes(text));
}
