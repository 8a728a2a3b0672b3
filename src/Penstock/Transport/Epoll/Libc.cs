using System.Runtime.InteropServices;

namespace Penstock.Transport.Epoll;

/// <summary>
/// The system calls of the event loops. Those that every request makes answer as the kernel does: a negative number
/// says why not. The others set the last error, which <see cref="Errno"/> gives.
/// </summary>
internal static unsafe partial class Libc
{
    public const int AddToEpoll = 1;
    public const int CloseOnExec = 0x80000;
    public const int NonBlocking = 0x800;
    public const int NoSignal = 0x4000;
    public const int ShutRead = 0;
    public const int ShutBoth = 2;

    public const int Interrupted = 4;
    public const int WouldBlock = 11;
    public const int ConnectionAborted = 103;
    public const int InProgress = 115;

    public const int SocketLevel = 1;
    public const int Error = 4;
    public const int Linger = 13;
    public const int TcpLevel = 6;
    public const int NoDelay = 1;

    /// <summary>Linux, on a processor whose layout of an event is known here.</summary>
    public static bool IsSupported { get; } =
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    public static int Errno => Marshal.GetLastPInvokeError();

    public static int EpollWait(int epoll, void* events, int most, int milliseconds) =>
        (int)OrWhyNot(CallEpollWait(epoll, events, most, milliseconds));

    public static nint Receive(int descriptor, void* bytes, nuint count, int flags) =>
        OrWhyNot(CallReceive(descriptor, bytes, count, flags));

    public static nint Send(int descriptor, void* bytes, nuint count, int flags) =>
        OrWhyNot(CallSend(descriptor, bytes, count, flags));

    public static nint SendMessage(int descriptor, MessageHeader* message, int flags) =>
        OrWhyNot(CallSendMessage(descriptor, message, flags));

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, int descriptor, void* change);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventDescriptor(uint value, int flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, void* bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(int descriptor, void* address, int length);

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    public static partial int Accept(int descriptor, void* address, int* length, int flags);

    [LibraryImport("libc", EntryPoint = "getsockname", SetLastError = true)]
    public static partial int SocketName(int descriptor, void* address, int* length);

    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    public static partial int Shutdown(int descriptor, int how);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(int descriptor, int level, int name, void* value, int length);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetOption(int descriptor, int level, int name, void* value, int* length);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "epoll_wait")]
    private static partial int CallEpollWait(int epoll, void* events, int most, int milliseconds);

    [LibraryImport("libc", EntryPoint = "recv")]
    private static partial nint CallReceive(int descriptor, void* bytes, nuint count, int flags);

    [LibraryImport("libc", EntryPoint = "send")]
    private static partial nint CallSend(int descriptor, void* bytes, nuint count, int flags);

    [LibraryImport("libc", EntryPoint = "sendmsg")]
    private static partial nint CallSendMessage(int descriptor, MessageHeader* message, int flags);

    /// <summary>The error is read at once: it is the thread's, and the next call's.</summary>
    private static nint OrWhyNot(nint result) => result >= 0 ? result : -Marshal.GetLastSystemError();

    /// <summary>One piece of a gathered send (<c>struct iovec</c>).</summary>
    public struct Piece
    {
        public void* Bytes;
        public nuint Count;
    }

    /// <summary><c>struct msghdr</c>.</summary>
    public struct MessageHeader
    {
        public void* Name;
        public uint NameLength;
        public Piece* Pieces;
        public nuint PieceCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }
}
