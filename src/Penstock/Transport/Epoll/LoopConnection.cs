using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Penstock.Transport.Epoll;

/// <summary>
/// A caller's connection as Kestrel wants it: two pipes, one filled from the socket, one emptied into it. Both work
/// inline, so that a request is handled on its event loop.
/// </summary>
internal sealed class LoopConnection
    : ConnectionContext,
        IConnectionIdFeature,
        IConnectionTransportFeature,
        IConnectionItemsFeature,
        IConnectionLifetimeFeature,
        IMemoryPoolFeature
{
    /// <summary>Below this a block's rest is not worth a system call: the next block is begun.</summary>
    private const int SmallestRead = 2048;

    private readonly LoopSocket _socket;
    private readonly Pipe _input;
    private readonly Pipe _output;
    private readonly CancellationTokenSource _closed = new();
    private Task _work = Task.CompletedTask;
    private Task _closedIsTold = Task.CompletedTask;
    private volatile ConnectionAbortedException? _abortReason;
    private string? _id;

    public LoopConnection(LoopSocket socket, PipeSettings pipes, EndPoint? local, EndPoint? remote)
    {
        (_socket, LocalEndPoint, RemoteEndPoint, MemoryPool) = (socket, local, remote, pipes.Pool);
        _input = new Pipe(pipes.Input);
        _output = new Pipe(pipes.Output);
        Transport = new Duplex(_input.Reader, _output.Writer);
        Features = new FeatureCollection();
        Features.Set<IConnectionIdFeature>(this);
        Features.Set<IConnectionTransportFeature>(this);
        Features.Set<IConnectionItemsFeature>(this);
        Features.Set<IConnectionLifetimeFeature>(this);
        Features.Set<IMemoryPoolFeature>(this);
        ConnectionClosed = _closed.Token;
    }

    public override IDuplexPipe Transport { get; set; }

    public override IFeatureCollection Features { get; }

    public override string ConnectionId
    {
        get => _id ??= $"loop{_socket.Loop.Index}-{_socket.Token:x}";
        set => _id = value;
    }

    public override IDictionary<object, object?> Items
    {
        get => field ??= new ConnectionItems();
        set;
    } = null!;

    public override EndPoint? LocalEndPoint { get; set; }

    public override EndPoint? RemoteEndPoint { get; set; }

    public override CancellationToken ConnectionClosed { get; set; }

    public MemoryPool<byte> MemoryPool { get; }

    /// <param name="ahead">What has been read already.</param>
    public void Start(ReadOnlySpan<byte> ahead)
    {
        _input.Writer.Write(ahead);
        _work = Task.WhenAll(ReceiveAllAsync(), SendAllAsync());
    }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        _abortReason ??= abortReason;
        _socket.Abort();
        _output.Reader.CancelPendingRead();
    }

    public override async ValueTask DisposeAsync()
    {
        // Whatever was put around the pipes meanwhile (TLS) has been completed by those who did.
        await _input.Reader.CompleteAsync();
        await _output.Writer.CompleteAsync();
        await _work;
        // Whoever listened and threw has told nobody but himself: the others have heard it.
        await _closedIsTold.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
        _closed.Dispose();
    }

    private async Task ReceiveAllAsync()
    {
        Exception? broken = null;
        try
        {
            await _input.Writer.FlushAsync();
            while (await ReceiveAsync()) { }
        }
        catch (SocketException e)
        {
            broken = _abortReason ?? (Exception)new ConnectionResetException(e.Message, e);
        }
        finally
        {
            await _input.Writer.CompleteAsync(_abortReason ?? broken);
            // On the thread pool: what hangs on it is the callers' code, and this may be the loop.
            _closedIsTold = _closed.CancelAsync();
        }
    }

    /// <returns>False at the end.</returns>
    private async ValueTask<bool> ReceiveAsync()
    {
        await _socket.WaitReadableAsync();
        var read = _socket.TryReceive(_input.Writer.GetMemory(SmallestRead).Span);
        if (read <= 0)
        {
            return read < 0;
        }

        _input.Writer.Advance(read);
        var flushed = await _input.Writer.FlushAsync();
        return !flushed.IsCompleted && !flushed.IsCanceled;
    }

    private async Task SendAllAsync()
    {
        Exception? broken = null;
        try
        {
            while (true)
            {
                var read = await _output.Reader.ReadAsync();
                if (read.IsCanceled)
                {
                    break;
                }

                if (!read.Buffer.IsEmpty)
                {
                    await _socket.SendAsync(read.Buffer);
                }

                _output.Reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    break;
                }
            }
        }
        catch (SocketException e)
        {
            broken = _abortReason ?? (Exception)new ConnectionResetException(e.Message, e);
        }
        finally
        {
            _socket.Shutdown();
            await _output.Reader.CompleteAsync(broken);
            _input.Writer.CancelPendingFlush();
        }
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
