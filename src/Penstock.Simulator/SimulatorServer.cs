using System.Net;
using Penstock.Simulator.Dialects;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Faults;
using Penstock.Simulator.Http;
using Penstock.Simulator.Inspection;
using Penstock.Simulator.Pacing;

namespace Penstock.Simulator;

/// <summary>A pretend inference engine on a real socket. Disposing it ends every connection at once.</summary>
public sealed class SimulatorServer : IAsyncDisposable
{
    private readonly TimerWheel _wheel;
    private readonly EngineState _engine;
    private readonly RequestLog _log;
    private readonly StandingFaults _faults;
    private readonly Power _power;
    private readonly ConnectionListener _listener;
    private readonly ConnectionListener? _control;

    private SimulatorServer(SimulatorOptions options, DialectEntry entry, StandingFaults faults)
    {
        options = options with
        {
            KeepAlive = options.KeepAlive ?? entry.Facts.IdleConnection,
            LargestBody = options.LargestBody ?? entry.Facts.LargestBody,
        };
        var dialect = entry.Create(options);
        _wheel = new TimerWheel(options.Time);
        _engine = new EngineState(options, entry.Facts.Habits, _wheel);
        _log = new RequestLog(options.RememberedRequests);
        _faults = faults;
        var changes = new FaultRoutes(faults, () => _power!, options.ControlPort is not null);
        var inspection = new InspectionRoutes(_engine, _log, faults, changes);
        var router = new RequestRouter(_engine, dialect, faults, _log, inspection);
        var heads = new HeadWriter(options.Time, entry.Facts.Server);
        _listener = new ConnectionListener(_engine, router, heads, options.Port, isCounted: true);
        _power = new Power(_engine, entry.Facts.ColdStart) { Listener = _listener };
        _listener.Bind();
        if (options.ControlPort is { } port)
        {
            _control = new ConnectionListener(_engine, new ControlHandler(inspection), heads, port, isCounted: false);
            _control.Bind();
            _control.Accept();
        }

        _power.Start();
        Options = options with { Port = _listener.Port, ControlPort = _control?.Port };
    }

    /// <summary>What it was started with, the ports resolved.</summary>
    public SimulatorOptions Options { get; }

    public int Port => Options.Port;

    /// <summary>Its base address, without <c>/v1</c>.</summary>
    public Uri Url => new UriBuilder(Uri.UriSchemeHttp, Host(Options.Host), Port).Uri;

    public SimulatorCounters Counters => _engine.Counters;

    /// <summary>The last requests received, oldest first.</summary>
    public IReadOnlyList<ReceivedRequest> Requests => _log.Requests;

    /// <summary>The last generations and what each cost, oldest first.</summary>
    public IReadOnlyList<GenerationRecord> Generations => _engine.Generations.Records;

    /// <summary>How late it was against its own schedule, in one line; null where nothing was due at a time.</summary>
    public string? LatenessLine => LatenessReport.Line(_engine.Counters.Lateness);

    /// <summary>Ends when the server no longer accepts connections.</summary>
    public Task Completion => _listener.Completion;

    /// <exception cref="ArgumentException">An option makes no sense; the message says which.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">A port is taken or not allowed.</exception>
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
            return new SimulatorServer(options, entry, new StandingFaults(options));
        }
        catch (FormatException e)
        {
            throw new ArgumentException(e.Message, nameof(options), e);
        }
    }

    /// <summary>Changes the server's own directives from the next request on; counts and ages begin anew.</summary>
    /// <exception cref="FormatException">The text has a mistake; what held before holds on.</exception>
    public void SetFaults(string directives) => _faults.Set(directives);

    /// <summary>Dies as a process does: every stream is reset, everything it was doing is gone.</summary>
    /// <param name="staysDown">Whether connections are refused until <see cref="Revive"/>.</param>
    public Task DieAsync(bool staysDown = false) => _power.DieAsync(staysDown);

    /// <summary>Starts the process again; what it loads and how long is as at its first start.</summary>
    public void Revive() => _power.Start();

    /// <summary>Forgets counts, remembered requests and generations; what is running goes on.</summary>
    public void Reset()
    {
        _engine.Reset();
        _log.Clear();
        _faults.Restart();
    }

    public async ValueTask DisposeAsync()
    {
        // What goes on without a client would be waited for.
        _engine.Stop();
        await _listener.DisposeAsync();
        if (_control is not null)
        {
            await _control.DisposeAsync();
        }

        _wheel.Dispose();
    }

    private static string Host(IPAddress address) =>
        address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? "localhost" : address.ToString();
}
