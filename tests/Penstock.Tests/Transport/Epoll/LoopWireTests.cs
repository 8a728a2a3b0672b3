using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Penstock.Primitives;
using Penstock.Transport.Epoll;

namespace Penstock.Tests.Transport.Epoll;

public sealed class LoopWireTests : IDisposable
{
    private readonly EventLoops _loops = new(2);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _buffer = new byte[1024];

    public LoopWireTests()
    {
        Assert.SkipUnless(Libc.IsSupported, "The event loops are Linux's.");
        _listener.Start();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _listener.Dispose();
        _loops.Dispose();
    }

    [Fact]
    public async Task What_is_sent_arrives_and_what_is_answered_is_read()
    {
        for (var round = 0; round < 200; round++)
        {
            var (wire, peer) = await ConnectAsync();
            using (wire)
            using (peer)
            {
                await wire.SendAsync(new ReadOnlySequence<byte>("ping"u8.ToArray()));
                Assert.Equal(4, await peer.ReceiveAsync(_buffer, Cancellation));
                var reading = ReceiveAsync(wire);
                await peer.SendAsync("pong"u8.ToArray(), Cancellation);
                Assert.Equal(4, await reading);
            }
        }
    }

    [Fact]
    public async Task Many_pieces_larger_than_the_socket_takes_arrive_in_order()
    {
        var (wire, peer) = await ConnectAsync();
        using (wire)
        using (peer)
        {
            var pieces = Enumerable.Range(0, 40).Select(i => Enumerable.Repeat((byte)i, 300_000).ToArray()).ToArray();
            var sending = wire.SendAsync(Pieces.Of(pieces));
            var received = new MemoryStream();
            while (received.Length < pieces.Sum(piece => piece.Length))
            {
                received.Write(_buffer, 0, await peer.ReceiveAsync(_buffer, Cancellation));
            }

            await sending;
            Assert.Equal(pieces.SelectMany(piece => piece), received.ToArray());
        }
    }

    [Fact]
    public async Task The_peers_end_is_read_as_0_even_when_it_came_with_the_last_bytes()
    {
        var (wire, peer) = await ConnectAsync();
        using (wire)
        {
            await peer.SendAsync("bye"u8.ToArray(), Cancellation);
            peer.Shutdown(SocketShutdown.Send);
            Assert.Equal(3, await ReceiveAsync(wire));
            Assert.Equal(0, await ReceiveAsync(wire));
            peer.Dispose();
        }
    }

    [Fact]
    public async Task A_reset_is_an_error()
    {
        var (wire, peer) = await ConnectAsync();
        using (wire)
        {
            var reading = ReceiveAsync(wire).AsTask();
            peer.LingerState = new LingerOption(enable: true, seconds: 0);
            peer.Dispose();
            var error = await Assert.ThrowsAsync<SocketException>(() => reading);
            Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
        }
    }

    [Fact]
    public async Task Nobody_listening_is_an_error_of_connecting()
    {
        var port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _listener.Stop();
        using var wire = new LoopWire(_loops.Next);
        var error = await Assert.ThrowsAsync<SocketException>(() =>
            wire.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port)).AsTask()
        );
        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
    }

    [Fact]
    public async Task A_name_is_looked_up()
    {
        using var wire = new LoopWire(_loops.Next);
        await wire.ConnectAsync(new DnsEndPoint("localhost", ((IPEndPoint)_listener.LocalEndpoint).Port));
        using var peer = await _listener.AcceptSocketAsync(Cancellation);
        Assert.True(wire.IsQuiet);
    }

    [Fact]
    public async Task An_abort_ends_a_read_that_waits_and_the_peer_sees_a_reset()
    {
        var (wire, peer) = await ConnectAsync();
        using (peer)
        {
            var reading = ReceiveAsync(wire);
            wire.Abort();
            Assert.Equal(0, await reading);
            wire.Dispose();
            await Assert.ThrowsAsync<SocketException>(async () => await peer.ReceiveAsync(_buffer, Cancellation));
        }
    }

    [Fact]
    public async Task An_abort_ends_a_send_that_waits_for_a_slow_reader()
    {
        var (wire, peer) = await ConnectAsync();
        using (wire)
        using (peer)
        {
            var sending = wire.SendAsync(new ReadOnlySequence<byte>(new byte[64 << 20])).AsTask();
            wire.Abort();
            await Assert.ThrowsAsync<SocketException>(() => sending);
        }
    }

    [Fact]
    public async Task A_connection_that_the_peer_closed_while_it_was_idle_is_not_quiet()
    {
        var (wire, peer) = await ConnectAsync();
        using (wire)
        {
            Assert.True(wire.IsQuiet);
            peer.Dispose();
            await EventuallyAsync(() => !wire.IsQuiet);
        }
    }

    [Fact]
    public async Task What_one_event_leads_to_has_one_time_and_the_next_event_a_later_one()
    {
        var clock = new TurnClock();
        var (wire, peer) = await ConnectAsync();
        using (wire)
        using (peer)
        {
            var reading = LookTwiceAsync();
            await peer.SendAsync("1"u8.ToArray(), Cancellation);
            var (first, again) = await reading;
            Assert.Equal(first, again);

            reading = LookTwiceAsync();
            await peer.SendAsync("2"u8.ToArray(), Cancellation);
            (var second, again) = await reading;
            Assert.Equal(second, again);
            Assert.True(second > first);
        }

        // Begun here and going on on the loop, which has nobody's context.
        async Task<(long First, long Again)> LookTwiceAsync()
        {
            await wire.WaitAsync().ConfigureAwait(false);
            var first = clock.GetTimestamp();
            SpinWait.SpinUntil(() => TimeProvider.System.GetTimestamp() > first);
            var again = clock.GetTimestamp();
            Assert.Equal(1, wire.TryReceive(_buffer));
            return (first, again);
        }
    }

    /// <summary>Waits without a clock: the loop's thread needs its turn, no particular time.</summary>
    private static async Task EventuallyAsync(Func<bool> condition)
    {
        while (!condition())
        {
            Cancellation.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private async Task<(LoopWire Wire, Socket Peer)> ConnectAsync()
    {
        var wire = new LoopWire(_loops.Next);
        await wire.ConnectAsync(_listener.LocalEndpoint);
        return (wire, await _listener.AcceptSocketAsync(Cancellation));
    }

    private async ValueTask<int> ReceiveAsync(LoopWire wire)
    {
        while (true)
        {
            var read = wire.TryReceive(_buffer);
            if (read >= 0)
            {
                return read;
            }

            await wire.WaitAsync();
        }
    }
}
