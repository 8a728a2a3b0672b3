using System.Net.Sockets;
using System.Runtime.InteropServices;
using Penstock.Primitives;

namespace Penstock.Transport.Epoll;

/// <summary>
/// One thread that waits for its sockets and runs whatever goes on when they are ready. Sockets are added once, with
/// edges: what comes later costs no further call.
/// </summary>
internal sealed unsafe class EventLoop : IDisposable
{
    private const uint Readable = 0x1;
    private const uint Writable = 0x4;
    private const uint Failed = 0x8;
    private const uint HungUp = 0x10;
    private const uint PeerClosed = 0x2000;
    private const uint Edges = 0x80000000;

    /// <summary>Events taken at a time: a full table of a busy loop is 6 KB.</summary>
    private const int MostEvents = 512;

    // On x64 the kernel packs an event: 4 bytes of flags and 8 of ours without a gap.
    private static readonly int EventBytes = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    [ThreadStatic]
    private static EventLoop? _current;

    private readonly SocketTable _sockets = new();
    private readonly int _epoll;
    private readonly int _wake;
    private readonly Thread _thread;
    private volatile bool _stopping;

    public EventLoop(int index)
    {
        Index = index;
        _epoll = Check(Libc.EpollCreate(Libc.CloseOnExec));
        _wake = Check(Libc.EventDescriptor(0, Libc.CloseOnExec | Libc.NonBlocking));
        Watch(_wake, Readable, SocketTable.Nobody);
        _thread = new Thread(Run) { IsBackground = true, Name = $"loop {index}" };
        _thread.Start();
    }

    /// <summary>The loop whose thread this is; null on any other thread.</summary>
    public static EventLoop? Current => _current;

    public int Index { get; }

    public void Add(LoopSocket socket)
    {
        socket.Token = _sockets.Add(socket);
        try
        {
            Watch(socket.Descriptor, Readable | Writable | PeerClosed | Edges, socket.Token);
        }
        catch (SocketException)
        {
            _sockets.Remove(socket.Token);
            throw;
        }
    }

    /// <summary>Before the descriptor is closed: an event that was taken already must find nobody.</summary>
    public void Remove(LoopSocket socket) => _sockets.Remove(socket.Token);

    /// <summary>Ends the thread. Sockets that are still open are their owners'.</summary>
    public void Dispose()
    {
        _stopping = true;
        ulong one = 1;
        _ = Libc.Write(_wake, &one, sizeof(ulong));
        if (_current != this)
        {
            _thread.Join();
        }

        _ = Libc.Close(_epoll);
        _ = Libc.Close(_wake);
    }

    private void Watch(int descriptor, uint events, ulong token)
    {
        var change = stackalloc byte[16];
        *(uint*)change = events;
        *(ulong*)(change + EventBytes - sizeof(ulong)) = token;
        Check(Libc.EpollControl(_epoll, Libc.AddToEpoll, descriptor, change));
    }

    private void Run()
    {
        _current = this;
        BlockingWork.ForbidHere();
        // Nothing here is anybody's context: it would only be carried through each await.
        ExecutionContext.SuppressFlow();
        var turn = TurnClock.BeginTurns();
        var events = stackalloc byte[MostEvents * EventBytes];
        while (!_stopping)
        {
            var count = Libc.EpollWait(_epoll, events, MostEvents, -1);
            if (count < 0 && count != -Libc.Interrupted)
            {
                throw SocketErrors.Of(-count);
            }

            for (var i = 0; i < count; i++)
            {
                var one = events + (i * EventBytes);
                turn.Next();
                Tell(*(uint*)one, *(ulong*)(one + EventBytes - sizeof(ulong)));
            }
        }
    }

    private void Tell(uint events, ulong token)
    {
        if (_sockets.Find(token) is not { } socket)
        {
            return;
        }

        var over = (events & (PeerClosed | HungUp | Failed)) != 0;
        socket.BecomeReady((events & Readable) != 0, (events & Writable) != 0, over);
    }

    private static int Check(int result) => result >= 0 ? result : throw SocketErrors.Last();
}
