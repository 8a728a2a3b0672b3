using System.Net;
using System.Net.Sockets;

namespace Penstock.EndToEndTests.Harness;

/// <summary>
/// Loopback ports for processes that must be told one. They lie below the kernel's ephemeral range, so no outgoing
/// connection takes one between our look and the process's bind.
/// </summary>
internal static class FreePort
{
    private const int First = 20_000;
    private const int Count = 10_000;
    private static int _next = Environment.ProcessId * 97 % Count;

    public static int Take()
    {
        for (var attempt = 0; attempt < Count; attempt++)
        {
            var port = First + Interlocked.Increment(ref _next) % Count;
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException("No free loopback port.");
    }

    public static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
