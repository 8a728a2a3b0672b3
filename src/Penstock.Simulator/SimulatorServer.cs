using System.Net;
using Penstock.Simulator.Dialects;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Faults;
using Penstock.Simulator.Http;
using Penstock.Simulator.Inspection;
using Penstock.Simulator.Pacing;
using Penstock.Simulator.Streaming;

namespace Penstock.Simulator;

/// <summary>A pretend inference engine on a real socket. Disposing it ends every connection at once.</summary>
public sealed class SimulatorServer : IAsyncDisposable
{
    private readonly TimerWheel wheel;
    private readonly EngineState engine;
    private readonly RequestLog log;
    private readonly ConnectionListener listener;

    private SimulatorServer(SimulatorOptions options, Dialect dialect, Directives standing)
    {
        wheel = new TimerWheel(options.Time);
        engine = new EngineState(options, wheel);
        log = new RequestLog(options.RememberedRequests);
        listener = new ConnectionListener(engine, new RequestRouter(engine, dialect, standing, log));
        listener.Start();
        Options = options with { Port = listener.Port };
        Completion = listener.Completion;
    }

    /// <summary>What it was started with, the port resolved.</summary>
    public SimulatorOptions Options { get; }

    public int Port => Options.Port;

    /// <summary>Its base address, without <c>/v1</c>.</summary>
    public Uri Url => new UriBuilder(Uri.UriSchemeHttp, Host(Options.Host), Port).Uri;

    public SimulatorCounters Counters => engine.Counters;

    /// <summary>The last requests received, oldest first.</summary>
    public IReadOnlyList<ReceivedRequest> Requests => log.Requests;

    /// <summary>Ends when the server no longer accepts connections.</summary>
    public Task Completion { get; }

    /// <exception cref="ArgumentException">An option makes no sense; the message says which.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The port is taken or not allowed.</exception>
    public static SimulatorServer Start(SimulatorOptions options)
    {
        var dialect =
            DialectCatalog.Find(options.Dialect)
            ?? throw new ArgumentException(
                $"unknown dialect '{options.Dialect}': there are {DialectCatalog.Names}",
                nameof(options)
            );
        if (options.Models.Count == 0)
        {
            throw new ArgumentException("at least one model name is needed", nameof(options));
        }

        try
        {
            return new SimulatorServer(options, dialect, DirectiveReader.Read(Directives.None, options.Directives));
        }
        catch (FormatException e)
        {
            throw new ArgumentException(e.Message, nameof(options), e);
        }
    }

    /// <summary>Forgets counts and remembered requests; what is running goes on.</summary>
    public void Reset()
    {
        engine.Counters.Reset();
        log.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await listener.DisposeAsync();
        wheel.Dispose();
    }

    private static string Host(IPAddress address) =>
        address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? "localhost" : address.ToString();
}
