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
    Heartbeat heartbeat,
    TimeProvider time
) : IHostedService, IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<PlainConnection> _open = [];
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _leaves;

    public PlainRoute Route => route;

    public PlainPace Pace { get; } = new(kestrel.Value.Limits, time);

    public AnswerHeadWriter Heads { get; } = new(new DateLine(time));

    public TimeProvider Time => time;

    /// <summary>Serves a caller who has just come.</summary>
    /// <param name="handOver">Takes the connection over when a request is not plain.</param>
    public void Serve(LoopSocket socket, HandOver handOver)
    {
        var connection = new PlainConnection(this, socket, handOver);
        lock (_gate)
        {
            _open.Add(connection);
            if (_leaves)
            {
                connection.Leave();
            }
        }

        heartbeat.Add(connection);
        _ = connection.ServeAsync();
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

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Waits until all have left; those that have not when the time is over are broken off.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var connection in Close())
        {
            connection.Leave();
        }

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
