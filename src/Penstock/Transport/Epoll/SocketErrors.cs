using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Penstock.Transport.Epoll;

/// <summary>Turns the numbers of the system into the exceptions that the rest of the server knows.</summary>
internal static class SocketErrors
{
    public static SocketException Last() => Of(Libc.Errno);

    public static SocketException Of(int errno) => new((int)CodeOf(errno), Marshal.GetPInvokeErrorMessage(errno));

    private static SocketError CodeOf(int errno) =>
        errno switch
        {
            13 => SocketError.AccessDenied,
            24 => SocketError.TooManyOpenSockets,
            32 => SocketError.Shutdown,
            98 => SocketError.AddressAlreadyInUse,
            99 => SocketError.AddressNotAvailable,
            101 => SocketError.NetworkUnreachable,
            103 => SocketError.ConnectionAborted,
            104 => SocketError.ConnectionReset,
            110 => SocketError.TimedOut,
            111 => SocketError.ConnectionRefused,
            113 => SocketError.HostUnreachable,
            _ => SocketError.SocketError,
        };
}
