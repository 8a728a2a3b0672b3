using System.Buffers;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Penstock.Engines;
using Penstock.Envelopes;
using Penstock.Forwarding;
using Penstock.Primitives;
using Penstock.Routing;
using Penstock.Transport;
using Penstock.Transport.Plain;

namespace Penstock.Benchmarks.Gateways;

/// <summary>
/// The gateway's own transport and its own connections to engines with nothing between them: no key, no limit, no
/// routing, no ledger, no metrics, no line. What the whole gateway costs beyond this is what its features cost.
/// </summary>
internal sealed class BareGateway(CallFactory calls, Replica replica, TimeProvider time)
{
    private const int LongestBody = 32 << 20;

    private readonly DeploymentTimeouts _timeouts = new();

    /// <summary>Serves until the process is told to end.</summary>
    public static async Task<int> RunAsync(string url, string engine)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["Transport:Kind"] = "epoll";
        builder.Services.AddPrimitives();
        builder.Services.AddTransport();
        builder.Services.AddModelRouting();
        builder.Services.AddForwarding();
        builder.WebHost.UseUrls(url);
        builder.WebHost.UseEventLoops();
        var app = builder.Build();
        var gateway = new BareGateway(
            app.Services.GetRequiredService<CallFactory>(),
            new Replica(new ReplicaAddress(new Uri(engine), null, 1), EngineCatalog.Find("vllm")),
            TimeProvider.System
        );
        app.Services.GetRequiredService<PlainRoute>().Set("/v1/chat/completions", LongestBody, gateway.RelayAsync);
        await app.RunAsync();
        return 0;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask RelayAsync(HttpContext context)
    {
        var (incoming, answer) = (context.Request, context.Response);
        using var body = await RequestBody.ReadAsync(
            incoming.BodyReader,
            incoming.ContentLength,
            LongestBody,
            context.RequestAborted
        );
        var request = new UpstreamRequest
        {
            RequestId = "bare",
            TraceParent = null,
            TraceState = null,
            Stream = false,
            Body = new SplicedBody(body.Bytes),
        };
        using var call = calls.Create();
        await using var gone = context.RequestAborted.UnsafeRegister(
            static call => ((UpstreamCall)call!).Abort(UpstreamFailure.ClientGone),
            call
        );
        if (
            !await call.SendAsync(replica, request, _timeouts, time.GetTimestamp() + time.Ticks(TimeSpan.FromHours(1)))
            || await call.ReadHeadAsync() != ReadStep.Data
        )
        {
            answer.StatusCode = StatusCodes.Status502BadGateway;
            return;
        }

        var isStream = call.Head.MediaType == MediaType.EventStream;
        answer.StatusCode = call.Head.Status;
        answer.ContentType = isStream ? "text/event-stream" : "application/json";
        if (call.Head.ContentLength >= 0)
        {
            answer.ContentLength = call.Head.ContentLength;
        }

        while (true)
        {
            switch (call.TryRead())
            {
                case ReadStep.Data:
                    answer.BodyWriter.Write(call.Payload.Span);
                    if (isStream)
                    {
                        await answer.BodyWriter.FlushAsync(CancellationToken.None);
                    }

                    break;
                case ReadStep.Pending:
                    await call.WaitAsync();
                    break;
                case ReadStep.End:
                    return;
                case ReadStep.Failed:
                    context.Abort();
                    return;
            }
        }
    }
}
