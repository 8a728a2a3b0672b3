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
    private readonly TimerWheel _wheel;
    private readonly EngineState _engine;
    private readonly RequestLog _log;
    private readonly ConnectionListener _listener;

    private SimulatorServer(SimulatorOptions options, DialectEntry entry, Directives standing)
    {
        options = options with { KeepAlive = options.KeepAlive ?? entry.Facts.IdleConnection };
        var dialect = entry.Create(options);
        _wheel = new TimerWheel(options.Time);
        _engine = new EngineState(options, _wheel);
        _log = new RequestLog(options.RememberedRequests);
        _listener = new ConnectionListener(
            _engine,
            new RequestRouter(_engine, dialect, standing, _log),
            new HeadWriter(options.Time, entry.Facts.Server)
        );
        _listener.Start();
        Options = options with { Port = _listener.Port };
        Completion = _listener.Completion;
    }

    /// <summary>What it was started with, the port resolved.</summary>
    public SimulatorOptions Options { get; }

    public int Port => Options.Port;

    /// <summary>Its base address, without <c>/v1</c>.</summary>
    public Uri Url => new UriBuilder(Uri.UriSchemeHttp, Host(Options.Host), Port).Uri;

    public SimulatorCounters Counters => _engine.Counters;

    /// <summary>The last requests received, oldest first.</summary>
    public IReadOnlyList<ReceivedRequest> Requests => _log.Requests;

    /// <summary>Ends when the server no longer accepts connections.</summary>
    public Task Completion { get; }

    /// <exception cref="ArgumentException">An option makes no sense; the message says which.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The port is taken or not allowed.</exception>
    public static SimulatorServer Start(SimulatorOptions options)
    {
        var entry =
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
            return new SimulatorServer(options, entry, DirectiveReader.Read(Directives.None, options.Directives));
        }
        catch (FormatException e)
        {
            throw new ArgumentException(e.Message, nameof(options), e);
        }
    }

    /// <summary>Forgets counts and remembered requests; what is running goes on.</summary>
    public void Reset()
    {
        _engine.Counters.Reset();
        _log.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        _wheel.Dispose();
    }

    private static string Host(IPAddress address) =>
        address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? "localhost" : address.ToString();
}
