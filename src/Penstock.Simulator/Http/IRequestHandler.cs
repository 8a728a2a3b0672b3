namespace Penstock.Simulator.Http;

/// <summary>What the HTTP server serves.</summary>
internal interface IRequestHandler
{
    /// <summary>Answers on the exchange; must not use it after it returned.</summary>
    Task HandleAsync(HttpRequest request, Exchange exchange);

    HttpReply Malformed(BadRequestException reason);

    HttpReply Failed(Exception reason);
}
