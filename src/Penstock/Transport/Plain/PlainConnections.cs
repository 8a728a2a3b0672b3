using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Penstock.Primitives;
using Penstock.Transport.Epoll;

namespace Penstock.Transport.Plain;

/// <summary>
/// The connections whose requests the gateway reads itself. When it stops, idle ones end at once and the others with
/// their answer.
/// </summary>
internal sealed class PlainConnections(
    PlainRoute route,
    IOptions<KestrelServerOptions> kestrel,
    IConfiguration configuration,
    IHostApplicationLifetime lifetime,
    Heartbeat heartbeat,
    TimeProvider time
) : IHostedService, IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<PlainConnection> _open = [];
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly bool _frameworkReadsAll = FrameworkReadsAll(configuration);
    private bool _leaves;

    public PlainRoute Route => route;

    public PlainPace Pace { get; } = new(kestrel.Value.Limits, time);

    public AnswerHeadWriter Heads { get; } = new(new DateLine(time));

    public TimeProvider Time => time;

    /// <summary>Serves a caller who has just come.</summary>
    /// <param name="handOver">Takes the connection over when a request is not plain.</param>
    /// <returns>False: the framework is to read everything.</returns>
    public bool TryServe(LoopSocket socket, HandOver handOver)
    {
        if (!route.IsSet || _frameworkReadsAll)
        {
            return false;
        }

        PlainConnection connection;
        lock (_gate)
        {
            if (_leaves)
            {
                return false;
            }

            connection = new PlainConnection(this, socket, handOver);
            _open.Add(connection);
        }

        heartbeat.Add(connection);
        _ = connection.ServeAsync();
        return true;
    }

    public void Remove(PlainConnection connection)
    {
        heartbeat.Remove(connection);
        lock (_gate)
        {
            _open.Remove(connection);
            if (_leaves && _open.Count == 0)
            {
                _left.TrySetResult();
            }
        }
    }

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _open.Count;
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Not when it is this service's turn: the server stops before it, and waits for its own callers first.
        lifetime.ApplicationStopping.Register(Leave);
        heartbeat.Add(Heads.Date);
        return Task.CompletedTask;
    }

    /// <summary>Waits until all have left; those that have not when the time is over are broken off.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Leave();
        try
        {
            await _left.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var connection in Close())
        {
            connection.Abort();
        }
    }

    /// <summary>
    /// The framework's filter of <c>Host</c> stands in its own pipeline: if it is set, it sees every request. And where TLS is
    /// listened for, nothing may be answered in the clear: a transport does not know which of its addresses that is.
    /// </summary>
    private static bool FrameworkReadsAll(IConfiguration configuration) =>
        configuration["AllowedHosts"] is not (null or "" or "*")
        || IsHttps(configuration[WebHostDefaults.ServerUrlsKey])
        || configuration.GetSection("Kestrel:Endpoints").GetChildren().Any(endpoint => IsHttps(endpoint["Url"]));

    private static bool IsHttps(string? urls) => urls?.Contains("https:", StringComparison.OrdinalIgnoreCase) == true;

    private void Leave()
    {
        foreach (var connection in Close())
        {
            connection.Leave();
        }
    }

    private PlainConnection[] Close()
    {
        lock (_gate)
        {
            _leaves = true;
            if (_open.Count == 0)
            {
                _left.TrySetResult();
            }

            return [.. _open];
        }
    }
}
