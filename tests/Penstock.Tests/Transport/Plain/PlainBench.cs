using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Penstock.Primitives;
using Penstock.Tests.Simulator;
using Penstock.Transport;
using Penstock.Transport.Epoll;
using Penstock.Transport.Plain;

namespace Penstock.Tests.Transport.Plain;

/// <summary>
/// A server on the event loops with one answer for its plain route, and the same answer behind Kestrel for everything
/// else. Or only the latter, on the sockets of .NET, to be compared with.
/// </summary>
internal sealed class PlainBench : IAsyncDisposable
{
    public const string Path = "/v1/chat/completions";

    private readonly WebApplication _app;
    private readonly PlainConnections _plain;
    private int _plainRequests;
    private Exception? _thrown;

    private PlainBench(WebApplication app)
    {
        _app = app;
        _plain = app.Services.GetRequiredService<PlainConnections>();
    }

    /// <summary>Requests that came without Kestrel.</summary>
    public int PlainRequests => Volatile.Read(ref _plainRequests);

    /// <summary>Connections that have not gone to Kestrel.</summary>
    public int PlainOnes => _plain.Count;

    public int Beating =>
        _app.Services.GetRequiredService<Heartbeat>().Members().Count(member => member is PlainConnection);

    private int Port => new Uri(_app.Urls.First()).Port;

    public static Task<PlainBench> StartAsync(
        RequestDelegate answer,
        TimeProvider? time = null,
        string? hosts = null
    ) => StartAsync("epoll", answer, time, hosts);

    /// <summary>Kestrel alone.</summary>
    public static Task<PlainBench> StartKestrelAsync(RequestDelegate answer) =>
        StartAsync("sockets", answer, null, null);

    public Task<RawConnection> ConnectAsync() => RawConnection.OpenAsync(Port);

    public Task StopAsync(CancellationToken grace) => _app.StopAsync(grace);

    public async ValueTask DisposeAsync()
    {
        // What is still waiting has no business to hold up the next test.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        Assert.Null(_thrown);
    }

    private static async Task<PlainBench> StartAsync(
        string kind,
        RequestDelegate answer,
        TimeProvider? time,
        string? hosts
    )
    {
        Assert.SkipUnless(Libc.IsSupported, "The event loops are Linux's.");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?> { ["Transport:Kind"] = kind, ["AllowedHosts"] = hosts }
        );
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(240, TimeSpan.FromSeconds(5));
        });
        builder.WebHost.UseEventLoops();
        builder.Logging.ClearProviders();
        builder.Services.AddPrimitives();
        builder.Services.AddTransport();
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        var app = builder.Build();
        app.Run(answer);
        var bench = new PlainBench(app);
        app.Services.GetRequiredService<PlainRoute>()
            .Set(Path, longestBody: 32 << 20, context => bench.AnswerAsync(context, answer));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return bench;
    }

    /// <summary>As the corridor does it: no exception leaves.</summary>
    private async ValueTask AnswerAsync(HttpContext context, RequestDelegate answer)
    {
        Interlocked.Increment(ref _plainRequests);
        try
        {
            await answer(context);
        }
        catch (ConnectionResetException)
        {
            // The caller has left.
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _thrown, e, null);
            context.Abort();
        }
    }
}
