using System.Net.Sockets;
using System.Security.Authentication;
using Penstock.Primitives;
using Penstock.Routing;

namespace Penstock.Forwarding;

/// <summary>
/// One attempt at one replica: connect, send, read, under its deadlines. A lease: dispose it on every way out and the
/// connection goes back to its pool, or is closed when the answer is not whole.
/// </summary>
internal sealed class UpstreamCall(UpstreamPools pools, TimeProvider time) : IByteSource, IDisposable
{
    /// <summary>A new connection costs less than waiting longer.</summary>
    private static readonly TimeSpan LongestDrain = TimeSpan.FromMilliseconds(500);

    /// <summary>The last chunk's mark comes in one read or two.</summary>
    private const int MostDrainReads = 4;

    private static readonly DeploymentTimeouts NotSentYet = new();

    private UpstreamPool? _pool;
    private UpstreamRequest? _request;
    private UpstreamConnection? _connection;
    private DeploymentTimeouts _timeouts = NotSentYet;
    private long _deadline = long.MaxValue;
    private long _totalDeadline = long.MaxValue;
    private long _wakeAt = long.MaxValue;
    private long _firstByteBy;
    private bool _hasBody;
    private UpstreamFailure _late;
    private UpstreamFailure _failure;

    /// <summary>Why no more will come.</summary>
    public UpstreamFailure Failure => _failure;

    /// <summary>The timestamp at which a waiting reader is woken; <see cref="long.MaxValue"/>: never.</summary>
    public long WakeAt
    {
        get => Volatile.Read(ref _wakeAt);
        set => Volatile.Write(ref _wakeAt, value);
    }

    public ref readonly ResponseHead Head => ref _connection!.Head;

    /// <summary>The bytes that a read brought; valid until the next one.</summary>
    public ReadOnlyMemory<byte> Payload => _connection!.Payload;

    public bool IsWhole => _connection!.IsWhole;

    /// <summary>
    /// Sends, on an idle connection if there is one. That may turn out to be closed, by an engine that was not waited for:
    /// whoever reads the head then sends again.
    /// </summary>
    /// <param name="totalDeadline">Timestamp at which the whole call ends.</param>
    /// <returns>False: see <see cref="Failure"/>.</returns>
    public ValueTask<bool> SendAsync(
        Replica replica,
        UpstreamRequest request,
        DeploymentTimeouts timeouts,
        long totalDeadline
    )
    {
        (_request, _timeouts, _totalDeadline) = (request, timeouts, totalDeadline);
        _pool = pools.Of(replica);
        return SendAsync(fresh: false);
    }

    /// <summary>
    /// Sends once more, on a fresh connection: costs the caller nothing where the engine had closed the last one while it
    /// was idle. To be asked for right behind the <see cref="ReadStep.End"/> of <see cref="TryReadHead"/>.
    /// </summary>
    /// <returns>False: see <see cref="Failure"/>.</returns>
    public ValueTask<bool> SendAgainAsync()
    {
        Drop(_connection!, UpstreamFailure.Closed);
        return _failure == UpstreamFailure.None ? SendAsync(fresh: true) : new(false);
    }

    private ValueTask<bool> SendAsync(bool fresh)
    {
        var now = time.GetTimestamp();
        if (Attach(_pool!.Rent(fresh, now)) is not { } connection)
        {
            return new(false);
        }

        if (!connection.IsReused)
        {
            return ConnectAndSendAsync(connection);
        }

        ExpectFirstByte(now);
        try
        {
            var sending = connection.SendAsync(_request!);
            return sending.IsCompletedSuccessfully ? new(true) : SentAsync(sending);
        }
        catch (Exception e) when (IsBrokenPipe(e))
        {
            return SendAgainAsync();
        }
    }

    private async ValueTask<bool> SentAsync(ValueTask sending)
    {
        try
        {
            await sending;
            return true;
        }
        catch (Exception e) when (IsBrokenPipe(e))
        {
            return await SendAgainAsync();
        }
    }

    private async ValueTask<bool> ConnectAndSendAsync(UpstreamConnection connection)
    {
        try
        {
            Arm(_timeouts.Connect, UpstreamFailure.Connect);
            await connection.ConnectAsync();
            ExpectFirstByte(time.GetTimestamp());
            await connection.SendAsync(_request!);
            return true;
        }
        catch (Exception e) when (IsBrokenPipe(e))
        {
            Drop(connection, _late == UpstreamFailure.Connect ? _late : UpstreamFailure.Closed);
            return false;
        }
    }

    private void ExpectFirstByte(long now)
    {
        _firstByteBy = now + time.Ticks(_timeouts.FirstByte);
        ArmFirstByte();
    }

    /// <summary>It broke; the call with it, unless it had only been closed while it was idle.</summary>
    private void Drop(UpstreamConnection connection, UpstreamFailure failure)
    {
        if (!connection.IsUnheard)
        {
            Fail(failure);
        }

        Detach()?.Dispose();
    }

    /// <summary>
    /// Looks for the whole head in what is there. <see cref="ReadStep.End"/>: the connection had been closed while it was
    /// idle, see <see cref="SendAgainAsync"/>.
    /// </summary>
    public ReadStep TryReadHead()
    {
        while (_connection is { } connection)
        {
            switch (connection.TakeHead())
            {
                case HeadStep.Whole:
                    return ReadStep.Data;
                case HeadStep.Broken:
                    return Fail(UpstreamFailure.Protocol);
            }
            switch (Receive())
            {
                case ReadStep.Data:
                    break;
                case ReadStep.End:
                    return connection.IsUnheard ? ReadStep.End : Fail(UpstreamFailure.Closed);
                case var step:
                    return step;
            }
        }

        return ReadStep.Failed;
    }

    /// <summary>Reads until the head is whole.</summary>
    public async ValueTask<ReadStep> ReadHeadAsync()
    {
        while (true)
        {
            switch (TryReadHead())
            {
                case ReadStep.Pending:
                    await WaitAsync();
                    break;
                case ReadStep.End:
                    await SendAgainAsync();
                    break;
                case var step:
                    return step;
            }
        }
    }

    /// <summary>Waits for the first bytes of the body, and leaves them to be read.</summary>
    public async ValueTask<ReadStep> WaitForBodyAsync()
    {
        while (!_connection!.HasPayload)
        {
            var step = Receive();
            if (step is ReadStep.Failed or ReadStep.End)
            {
                return step;
            }

            if (step != ReadStep.Data)
            {
                await WaitAsync();
            }
        }

        return ReadStep.Data;
    }

    /// <summary>Reads the next bytes of the body if they are there; <see cref="Payload"/> holds them.</summary>
    public ReadStep TryRead()
    {
        while (true)
        {
            switch (_connection!.TakePayload())
            {
                case BodyStep.Data:
                    _hasBody = true;
                    return ReadStep.Data;
                case BodyStep.End:
                    return ReadStep.End;
                case BodyStep.Broken:
                    return Fail(UpstreamFailure.Protocol);
            }

            var step = Receive();
            if (step == ReadStep.End)
            {
                return _connection.EndsByClosing ? ReadStep.End : Fail(UpstreamFailure.Closed);
            }

            if (step != ReadStep.Data)
            {
                return step;
            }
        }
    }

    /// <summary>Waits for more, under the deadline of what is waited for.</summary>
    public ValueTask WaitAsync()
    {
        // A head alone is no answer: engines send it before they have begun.
        if (_hasBody)
        {
            Arm(_timeouts.Idle, UpstreamFailure.IdleTimeout);
        }
        else
        {
            ArmFirstByte();
        }

        return _connection!.WaitAsync();
    }

    /// <summary>It is time for what the reader wanted to be woken for; the clock is not asked where nothing is.</summary>
    private bool IsWoken => WakeAt != long.MaxValue && time.GetTimestamp() >= WakeAt;

    private ReadStep Receive()
    {
        try
        {
            var read = _failure == UpstreamFailure.None ? _connection!.TryReceive() : 0;
            if (read >= 0)
            {
                Disarm();
            }

            return _failure != UpstreamFailure.None ? ReadStep.Failed
                : read > 0 ? ReadStep.Data
                : read == 0 ? ReadStep.End
                : IsWoken ? ReadStep.Woken
                : ReadStep.Pending;
        }
        catch (Exception e) when (IsBrokenPipe(e))
        {
            return _connection is { IsUnheard: true } ? ReadStep.End : Fail(UpstreamFailure.Closed);
        }
    }

    /// <summary>
    /// Reads what follows an answer that is complete in itself, the end of its framing, so that the connection can
    /// be used again. Not waited for beyond a moment.
    /// </summary>
    public async ValueTask DrainAsync()
    {
        _timeouts = _timeouts with { Idle = LongestDrain };
        for (var reads = 0; reads < MostDrainReads; reads++)
        {
            if (await this.ReadAsync() != ReadStep.Data)
            {
                return;
            }
        }
        Abort(UpstreamFailure.Protocol);
    }

    /// <summary>Ends the call from outside; the first reason given stays.</summary>
    public void Abort(UpstreamFailure reason)
    {
        // Against Attach and Dispose, which both look here after they have changed the connection: whatever this finds
        // is still the call's own.
        if (Interlocked.CompareExchange(ref _failure, reason, UpstreamFailure.None) == UpstreamFailure.None)
        {
            Volatile.Read(ref _connection)?.Abort();
        }
    }

    /// <summary>Called now and then from the moment it connects: whatever is late ends.</summary>
    public void Beat(long now)
    {
        if (now >= Volatile.Read(ref _totalDeadline))
        {
            Abort(UpstreamFailure.TotalTimeout);
        }
        else if (now >= Volatile.Read(ref _deadline))
        {
            Abort(_late);
        }
        else if (now >= WakeAt)
        {
            _connection?.Wake();
        }
    }

    public void Dispose()
    {
        if (Detach() is not { } connection)
        {
            return;
        }

        if (_failure == UpstreamFailure.None)
        {
            _pool!.Return(connection);
        }
        else
        {
            connection.Dispose();
        }
    }

    private UpstreamConnection? Attach(UpstreamConnection connection)
    {
        connection.Call = this;
        Interlocked.Exchange(ref _connection, connection);
        if (_failure == UpstreamFailure.None)
        {
            return connection;
        }

        Detach()?.Dispose();
        return null;
    }

    private UpstreamConnection? Detach()
    {
        var connection = Interlocked.Exchange(ref _connection, null);
        connection?.Call = null;
        return connection;
    }

    private ReadStep Fail(UpstreamFailure failure)
    {
        Abort(failure);
        return ReadStep.Failed;
    }

    private void Arm(TimeSpan after, UpstreamFailure late)
    {
        _late = late;
        Volatile.Write(ref _deadline, After(after));
    }

    /// <summary>One deadline for all that comes before the body's first byte, counted from the sending.</summary>
    private void ArmFirstByte()
    {
        _late = UpstreamFailure.FirstByteTimeout;
        Volatile.Write(ref _deadline, _firstByteBy);
    }

    private long After(TimeSpan span) => time.GetTimestamp() + time.Ticks(span);

    private void Disarm() => Volatile.Write(ref _deadline, long.MaxValue);

    private static bool IsBrokenPipe(Exception e) =>
        e is SocketException or IOException or ObjectDisposedException or AuthenticationException;
}
